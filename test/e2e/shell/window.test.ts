import { spawn } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Desktop, type DesktopBench, expectLogged, openDesktopBench } from '../../support/desktop.ts';
import { desktopProblem, readLog } from '../../support/packed-app.ts';

const problem = desktopProblem();

const boundsOf = (app: Desktop['app']) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

describe('the window', () => {
  // Named one by one with the reason, where there is no Electron or no display.
  beforeEach((context) => {
    if (problem !== null) context.skip(problem);
  });
  let bench: DesktopBench;
  let till: Desktop;
  beforeAll(async () => {
    if (problem !== null) return;
    bench = await openDesktopBench();
    till = await bench.start();
  });
  afterAll(() => bench?.close());

  test('shows the screens on their own origin, in a sandbox, under a policy that nothing offends', async () => {
    const { app, page } = till;
    await page.waitForSelector('#root > *');
    expect(page.url()).toBe('app://tilldock/');
    expect(await page.title()).toBe('Tilldock');
    expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual(
      Array(4).fill('undefined'),
    );
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Electron tells this to itself alone; a test may listen.
      const contents = window?.webContents as
        | { getLastWebPreferences?(): Record<string, unknown> }
        | undefined;
      return contents?.getLastWebPreferences?.() ?? {};
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    const policy = await page.evaluate<string>(
      "fetch('/').then((answer) => answer.headers.get('content-security-policy'))",
    );
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
    const complaints = (await page.consoleMessages()).filter((message) => message.type() === 'error');
    expect(complaints.map((message) => message.text())).toEqual([]);
    expect(await page.evaluate('Object.keys(tilldock).sort()')).toEqual(
      ['changeWindow', 'connect', 'copyDiagnostics', 'diagnostics', 'onDataState', 'windowChoices'].sort(),
    );
  });

  test('a script, a frame or a request from elsewhere is stopped by the policy', async () => {
    const { page } = till;
    const stopped = await page.evaluate(`new Promise((resolve) => {
      const seen = [];
      addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
        seen.push(violatedDirective);
        if (seen.length === 3) resolve(seen.sort());
      });
      const script = document.createElement('script');
      script.textContent = 'globalThis.owned = true';
      document.body.append(script);
      const frame = document.createElement('iframe');
      frame.src = 'http://127.0.0.1:9/';
      document.body.append(frame);
      fetch('http://127.0.0.1:9/').catch(() => {});
    })`);
    expect(stopped).toEqual(['connect-src', 'frame-src', 'script-src-elem']);
    expect(await page.evaluate('typeof owned')).toBe('undefined');
  });

  test('goes nowhere else, opens no window and grants no permission, and says so in the log', async () => {
    const { app, page, folder } = till;
    await page.evaluate("location.href = 'http://127.0.0.1:9/away?secret=1'; null");
    await page.evaluate("location.href = 'file:///etc/passwd'; null");
    expect(await page.evaluate("window.open('http://127.0.0.1:9/window')")).toBeNull();
    expect(await page.evaluate('Notification.requestPermission()')).toBe('denied');
    await expectLogged(folder, 'navigation refused', { to: 'http://127.0.0.1:9/away' });
    await expectLogged(folder, 'new window refused', { to: 'http://127.0.0.1:9/window' });
    await expectLogged(folder, 'permission refused', { permission: 'notifications' });
    expect(page.url()).toBe('app://tilldock/');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(JSON.stringify(await readLog(folder, 'main'))).not.toContain('secret');
  });

  test('its origin serves the built screens and nothing beside them', async () => {
    const { page } = till;
    const statuses = await page.evaluate(`Promise.all([
      '/index.html', '/../src-main/main.cjs', '/..%2fpackage.json', '/%2e%2e/package.json', '/nowhere.js', '/%ff',
    ].map((path) => fetch(path).then(({ status }) => status)))`);
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
    expect(await page.evaluate("fetch('/', { method: 'POST' }).then(({ status }) => status)")).toBe(405);
  });

  test('messages of a wrong shape, and messages from another page, are refused and logged', async () => {
    const { app, page, folder } = till;
    for (const change of [
      "{ theme: 'pink' }",
      "{ kiosk: 'yes' }",
      '{ folder: "/" }',
      '{}',
      'null',
      '[1]',
      '"dark"',
    ]) {
      const answer = page.evaluate(`tilldock.changeWindow(${change}).then(() => 'done', () => 'refused')`);
      expect(await answer, change).toBe('refused');
    }
    await expectLogged(folder, 'malformed message refused', { channel: 'shell:change' });

    const stranger = await app.evaluate(async ({ BrowserWindow, app: main }) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { preload: `${main.getAppPath()}/src-main/preload.cjs`, sandbox: true },
      });
      await window.loadURL('app://tilldock/');
      const answer = await window.webContents.executeJavaScript(
        "tilldock.connect(); tilldock.diagnostics().then(() => 'told', () => 'refused')",
      );
      window.destroy();
      return answer;
    });
    expect(stranger).toBe('refused');
    await expectLogged(folder, 'message from a stranger refused', { channel: 'shell:connect' });
    await expectLogged(folder, 'message from a stranger refused', { channel: 'shell:diagnostics' });
  });

  test('a second start shows the window of the first and ends', async () => {
    const { app, folder } = till;
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const second = spawn(bench.program, bench.args(folder), { env: bench.env, stdio: 'ignore' });
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect(code).toBe(0);
    await expect
      .poll(() =>
        app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible())),
      )
      .toEqual([true]);
  });

  test('tells numbered diagnostics, without a name of a person, and copies them', async () => {
    const { app, page } = till;
    const facts =
      await page.evaluate<{ no: number; name: string; value: string }[]>('tilldock.diagnostics()');
    expect(facts.map(({ no }) => no)).toEqual(facts.map((_, index) => index + 1));
    expect(facts.find(({ name }) => name === 'Settings')?.value).toBe('sound');
    await page.evaluate('tilldock.copyDiagnostics()');
    const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toContain(' 1 Tilldock: 0.');
    expect(copied.split('\n')).toHaveLength(facts.length);
  });

  test('stands where it stood when it was closed, and keeps its theme', async () => {
    const { app, page, folder, quit } = await bench.start();
    await page.evaluate("tilldock.changeWindow({ theme: 'dark' })");
    const bounds = { x: 140, y: 90, width: 1_010, height: 640 };
    await app.evaluate(
      ({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place),
      bounds,
    );
    // The display grants them when it comes to it.
    await expect.poll(() => boundsOf(app)).toEqual(bounds);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expectLogged(folder, 'ended');
    await quit();

    const again = await bench.start(folder);
    await expect.poll(() => boundsOf(again.app)).toEqual(bounds);
    expect(await again.page.evaluate('tilldock.windowChoices()')).toEqual({ theme: 'dark', kiosk: false });
    expect(await again.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
    await again.quit();
  });

  test('a kiosk fills the screen, cannot be closed from its window, and comes back as one', async () => {
    const { app, page, folder, quit } = await bench.start();
    await page.evaluate('tilldock.changeWindow({ kiosk: true })');
    const look = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isKiosk()));
    await expect.poll(look).toEqual([true]);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await look()).toEqual([true]);
    await quit();

    const again = await bench.start(folder);
    expect(await again.page.evaluate('tilldock.windowChoices()')).toMatchObject({ kiosk: true });
    await again.quit();
  });
});
