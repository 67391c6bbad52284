import { RPCLink } from '@orpc/client/message-port';
import { type DataState, portMessage, type Shell } from '#shared/contract/shell.ts';
import { callHeaders, tillLink } from './api.ts';
import { type Connection, enterConnection } from './sync/connection-store.ts';

/** What the desktop app's preload script offers; absent in a browser. */
export const shell: Shell | null = (window as { tilldock?: Shell }).tilldock ?? null;

/**
 * Connects the screen to the desktop app's data process: takes each port the shell sends (the first, and one
 * after every restart), and follows what the shell says of the process.
 */
export function connectShell(desktop: Shell): void {
  let lose = () => {};
  window.addEventListener('message', (event) => {
    if (event.source !== window || !isPortMessage(event.data)) return;
    const port = event.ports[0];
    if (!port) return;
    // Ours comes before the link's own listener: when that one fails the calls in flight, the line is known to be
    // dead, and they are made again. Electron tells of a port's end; Chromium alone does so from 122 on.
    let loseThis = () => {};
    port.addEventListener('close', () => loseThis());
    loseThis = tillLink.connect(new RPCLink({ port, headers: callHeaders }));
    lose = loseThis;
    port.start();
  });
  desktop.onDataState((state) => {
    // Whether or not the port says so itself, one of a process that is gone never answers.
    if (state.state !== 'ready') lose();
    enterConnection(connectionOf(state));
  });
  desktop.connect();
}

const isPortMessage = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === portMessage;

function connectionOf(state: DataState): Connection {
  switch (state.state) {
    case 'ready':
      return { state: state.ledger === 'recovery' ? 'recovery' : 'ready' };
    case 'recovering':
      return { state: 'recovering', attempt: state.attempt, retry_at: Date.now() + state.retry_in_ms };
    default:
      return { state: state.state };
  }
}
