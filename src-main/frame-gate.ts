import { z } from 'zod';

/** How much one screen may ask of the data process. */
export type FrameLimits = {
  /** Of one frame, in bytes of UTF-8. */
  largest_bytes: number;
  /** Frames a second in the long run, and how many at once after a pause. */
  frames_per_second: number;
  frames_at_once: number;
  /** The same in bytes. */
  bytes_per_second: number;
  bytes_at_once: number;
};

/**
 * A busy till sends some 20 frames a second (a search at every keystroke, a scanner, the status); the largest
 * honest frame is a pasted import of a few hundred lines, some 100 KB. The limits leave ten times as much.
 */
export const screenLimits: FrameLimits = {
  largest_bytes: 1024 * 1024,
  frames_per_second: 200,
  frames_at_once: 1_000,
  bytes_per_second: 2 * 1024 * 1024,
  bytes_at_once: 8 * 1024 * 1024,
};

/** Why a frame was refused. */
export type FrameRefusal = 'wrong type' | 'too large' | 'too many frames' | 'too many bytes' | 'malformed';

/**
 * What a screen may send, of all that oRPC's wire knows: a call with its headers and input, and the end of a call
 * that nobody waits for any more. Our contract has no files and no streams from a screen. This is checked before
 * oRPC reads a frame, because what it cannot read would end the data process as an unhandled rejection.
 */
const frameSchema = z.union([
  z.strictObject({
    i: z.string().min(1).max(64),
    p: z.strictObject({
      u: z.string().regex(/^(\/[A-Za-z]{1,64}){1,8}$/),
      h: z.record(z.string().regex(/^x-[a-z-]{1,32}$/), z.string().max(1_024)).optional(),
      b: z.unknown().optional(),
    }),
  }),
  z.object({ i: z.string().min(1).max(64), t: z.literal(4) }),
]);

/** Judges one frame after another: null lets it pass. */
export type FrameGate = (frame: unknown) => FrameRefusal | null;

/**
 * A gate for the frames of one port or socket. A port whose frame is refused must be closed: a dropped frame would leave its caller waiting for ever.
 *
 * `now` is in milliseconds and never goes back.
 */
export const openFrameGate = (
  limits: FrameLimits = screenLimits,
  now: () => number = () => performance.now(),
): FrameGate => {
  const frames = bucket(limits.frames_per_second, limits.frames_at_once, now);
  const bytes = bucket(limits.bytes_per_second, limits.bytes_at_once, now);
  return (frame) => {
    if (typeof frame !== 'string') return 'wrong type';
    const size = Buffer.byteLength(frame);
    if (size > limits.largest_bytes) return 'too large';
    if (!frames(1)) return 'too many frames';
    if (!bytes(size)) return 'too many bytes';
    return isFrame(frame) ? null : 'malformed';
  };
};

const isFrame = (text: string): boolean => {
  try {
    return frameSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false; // Not JSON.
  }
};

/** A leaky bucket: takes `amount` if what came lately leaves room for it. */
const bucket = (perSecond: number, atOnce: number, now: () => number) => {
  let room = atOnce;
  let last = now();
  return (amount: number): boolean => {
    const time = now();
    room = Math.min(atOnce, room + ((time - last) / 1_000) * perSecond);
    last = time;
    if (amount > room) return false;
    room -= amount;
    return true;
  };
};

/** What of a message port a gate needs: Electron's and Node's have it. */
export type GateablePort = {
  on(event: string, listener: (event?: { data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
  close(): void;
};

/** The same port to whoever answers it, seen through a gate. A refused frame closes it and is told to `onRefusal`. */
export const gatePort = (
  port: GateablePort,
  onRefusal: (refusal: FrameRefusal) => void,
  gate: FrameGate = openFrameGate(),
) => {
  let open = true;
  return {
    on: (event: string, listener: (event?: { data: unknown }) => void): void => {
      port.on(event, (received) => {
        if (event !== 'message') return listener(received);
        if (!open) return;
        const refusal = gate(received?.data);
        if (refusal === null) return listener(received);
        open = false;
        onRefusal(refusal);
        port.close();
      });
    },
    postMessage: (message: unknown): void => {
      if (open) port.postMessage(message);
    },
  };
};
