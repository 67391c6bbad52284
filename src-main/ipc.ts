import { type BrowserWindow, clipboard, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { type Diagnostic, windowChangeSchema, windowChoicesSchema } from '#shared/contract/shell.ts';
import type { PortDesk } from './data-port.ts';
import { diagnosticsText } from './diagnostics.ts';
import { isOurs } from './guard.ts';
import type { Log } from './log.ts';
import type { SettingsStore } from './settings.ts';
import { applyChoices } from './window.ts';

type Shell = {
  window: BrowserWindow;
  settings: SettingsStore;
  desk: PortDesk;
  tellState(): void;
  diagnostics(): Diagnostic[];
  log: Log;
};

/**
 * Answers what the preload script asks. Every message must come from the main frame of our own window, showing
 * our own page; anything else is refused and logged, and its sender learns nothing.
 */
export const answerPreload = (shell: Shell): void => {
  const { window, settings, desk, log } = shell;

  const isTrusted = (event: IpcMainEvent | IpcMainInvokeEvent, channel: string): boolean => {
    const frame = event.senderFrame;
    const trusted =
      !window.isDestroyed() &&
      event.sender === window.webContents &&
      frame !== null &&
      frame === window.webContents.mainFrame &&
      isOurs(frame.url);
    if (!trusted) log('warn', 'message from a stranger refused', { channel });
    return trusted;
  };

  const hear = (channel: string, act: () => void) =>
    ipcMain.on(channel, (event) => {
      if (isTrusted(event, channel)) act();
    });
  const answer = (channel: string, act: (given: unknown) => unknown) =>
    ipcMain.handle(channel, (event, given: unknown) => {
      if (!isTrusted(event, channel)) throw new Error('Refused');
      return act(given);
    });

  hear('shell:connect', () => desk.ask(window.webContents));
  hear('shell:state', () => shell.tellState());
  answer('shell:choices', () => choices(settings));
  answer('shell:change', (given) => {
    const change = windowChangeSchema.safeParse(given);
    if (!change.success) {
      log('warn', 'malformed message refused', { channel: 'shell:change' });
      throw new Error('Refused');
    }
    const { theme, kiosk } = change.data;
    settings.change({ ...(theme !== undefined && { theme }), ...(kiosk !== undefined && { kiosk }) });
    applyChoices(window, choices(settings));
    return choices(settings);
  });
  answer('shell:diagnostics', () => shell.diagnostics());
  answer('shell:copy-diagnostics', () => clipboard.writeText(diagnosticsText(shell.diagnostics())));
};

const choices = (settings: SettingsStore) => {
  const { theme, kiosk } = settings.get();
  return windowChoicesSchema.parse({ theme, kiosk });
};
