import { RPCLink } from '@orpc/client/websocket';
import { type DoorKnock, doorCloses, doorPath, doorWelcomeSchema } from '#shared/contract/door.ts';
import { callHeaders, tillLink } from './api.ts';
import { enterConnection, useConnection } from './sync/connection-store.ts';

/** Waits before each attempt to come back, in ms; the last one goes on for ever. */
const waits = [200, 500, 1_000, 2_000, 5_000] as const;

/** Where this tab keeps its secret: over a reload, and away from other tabs. */
const secretKey = 'tilldock.resume';

/**
 * Connects a browser screen through the terminal's own door, and comes back whenever the socket closes. The
 * one-time token of the first visit is taken out of the address before anything else happens; a new one that is
 * put into the address of a page that was turned away lets it in again.
 */
export function connectSocket(): void {
  enter();
  window.addEventListener('hashchange', () => {
    if (useConnection.getState().state === 'unpaired') enter();
  });
}

function enter(): void {
  const token = takeToken();
  if (token !== null) sessionStorage.removeItem(secretKey);
  openSocket(token, 0);
}

function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

function openSocket(token: string | null, attempt: number): void {
  const knock = knockWith(token);
  if (knock === null) {
    enterConnection({ state: 'unpaired' });
    return;
  }
  const socket = new WebSocket(`${location.protocol.replace('http', 'ws')}//${location.host}${doorPath}`);
  let wasLetIn = false;
  let lose = () => {};
  socket.addEventListener('open', () => socket.send(JSON.stringify(knock)));
  socket.addEventListener(
    'message',
    (event) => {
      sessionStorage.setItem(secretKey, doorWelcomeSchema.parse(JSON.parse(String(event.data))).resume);
      wasLetIn = true;
      lose = tillLink.connect(new RPCLink({ websocket: socket, headers: callHeaders }));
      enterConnection({ state: 'ready' });
    },
    { once: true },
  );
  socket.addEventListener('close', ({ code }) => {
    lose();
    if (code === doorCloses.refused || code === doorCloses.replaced) {
      sessionStorage.removeItem(secretKey);
      enterConnection({ state: 'unpaired' });
      return;
    }
    const next = wasLetIn ? 1 : attempt + 1;
    const wait = waits[Math.min(next, waits.length) - 1] ?? 0;
    enterConnection({ state: 'recovering', attempt: next, retry_at: Date.now() + wait });
    setTimeout(() => openSocket(token, next), wait);
  });
}

/** The secret of this tab where it has one, else the token it was opened with. */
function knockWith(token: string | null): DoorKnock | null {
  const resume = sessionStorage.getItem(secretKey);
  if (resume !== null) return { resume };
  return token === null ? null : { token };
}
