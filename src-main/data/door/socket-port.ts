import { type RawData, WebSocket } from 'ws';
import { doorCloses } from '#shared/contract/door.ts';
import { type FrameRefusal, openFrameGate } from '../../frame-gate.ts';

/** What the contract's handler (`@orpc/server/message-port`) takes as a port. */
export type ContractPort = {
  on(event: string, listener: (event?: { data: unknown }) => void): void;
  postMessage(data: unknown): void;
};

/** What a page may leave unread, in bytes, before its socket is cut. */
const mostUnread = 8 * 1024 * 1024;

/** Makes a socket look like a port. Floods and pages that do not read end the socket and are told to `onFault`. */
export const socketPort = (
  socket: WebSocket,
  onFault: (fault: FrameRefusal | 'slow page') => void,
): ContractPort => {
  const gate = openFrameGate();
  return {
    on: (event, listener) => {
      if (event === 'close') socket.on('close', () => listener());
      if (event !== 'message') return;
      socket.on('message', (raw, isBinary) => {
        if (socket.readyState !== WebSocket.OPEN) return;
        const data = frameOf(raw, isBinary);
        const refusal = gate(data);
        if (refusal === null) return listener({ data });
        onFault(refusal);
        socket.close(doorCloses.flood);
      });
    },
    postMessage: (data) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostUnread) {
        onFault('slow page');
        // It would not read a farewell either.
        socket.terminate();
        return;
      }
      if (typeof data === 'string' || data instanceof Uint8Array || data instanceof ArrayBuffer)
        socket.send(data);
      else throw new TypeError('The contract sends text or bytes');
    },
  };
};

/** A frame as the contract's handler reads it: text as a string, anything else as bytes. */
export const frameOf = (raw: RawData, isBinary: boolean): string | Uint8Array => {
  const bytes = Array.isArray(raw)
    ? Buffer.concat(raw)
    : Buffer.from(raw instanceof ArrayBuffer ? new Uint8Array(raw) : raw);
  return isBinary ? new Uint8Array(bytes) : bytes.toString('utf8');
};
