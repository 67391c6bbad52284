import { app, session, type WebContents } from 'electron';
import type { Log } from './log.ts';
import { appOrigin } from './protocol.ts';

/**
 * Holds every page of this app to its own origin: it goes nowhere else, opens no window, embeds no page, and is
 * granted no permission. What is refused is logged, for it means a fault or an attack.
 */
export const guardPages = (log: Log): void => {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, log));
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) => {
    log('warn', 'permission refused', { permission, page: withoutQuery(contents.getURL()) });
    decide(false);
  });
  // Asked without anybody having asked the page for anything, and often, so refused in silence.
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event, item) => {
    log('warn', 'download refused', { of: withoutQuery(item.getURL()) });
    event.preventDefault();
  });
};

const guardContents = (contents: WebContents, log: Log): void => {
  const refuse = (what: string) => (event: { preventDefault(): void }, url: string) => {
    if (isOurs(url)) return;
    log('warn', `${what} refused`, { to: withoutQuery(url) });
    event.preventDefault();
  };
  contents.on('will-navigate', refuse('navigation'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return; // Judged as `will-navigate`.
    log('warn', 'frame refused', { to: withoutQuery(event.url) });
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    log('warn', 'webview refused');
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    log('warn', 'new window refused', { to: withoutQuery(url) });
    return { action: 'deny' };
  });
};

/** Whether an address, as Chromium spells it out, is one of the app's own pages. */
export const isOurs = (url: string): boolean => url.startsWith(`${appOrigin}/`);

/** A refused address may carry what must not stand in a log; its path is enough to know it by. */
const withoutQuery = (url: string): string => url.replace(/[?#].*$/, '').slice(0, 300);
