import { contextBridge, ipcRenderer } from 'electron';
import type { DataState, portMessage, Shell } from '#shared/contract/shell.ts';

/** The little of the page's own globals that a preload script needs; the rest of the DOM is none of its business. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

// Only the type is taken from shared/: the value would bring zod into every page.
const type: typeof portMessage = 'tilldock:port';

const listeners = new Set<(state: DataState) => void>();

ipcRenderer.on('shell:state', (_event, state: DataState) => {
  for (const listener of listeners) listener(state);
});

// A context bridge cannot carry a port; a window message can. It reaches this page only: same window, own origin.
ipcRenderer.on('shell:port', (event) => {
  window.postMessage({ type }, window.location.origin, event.ports);
});

const shell: Shell = {
  connect: () => ipcRenderer.send('shell:connect'),
  onDataState: (listener) => {
    listeners.add(listener);
    ipcRenderer.send('shell:state');
    return () => {
      listeners.delete(listener);
    };
  },
  windowChoices: () => ipcRenderer.invoke('shell:choices'),
  changeWindow: (change) => ipcRenderer.invoke('shell:change', change),
  diagnostics: () => ipcRenderer.invoke('shell:diagnostics'),
  copyDiagnostics: () => ipcRenderer.invoke('shell:copy-diagnostics'),
};

contextBridge.exposeInMainWorld('tilldock', shell);
