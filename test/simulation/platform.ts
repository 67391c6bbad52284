/**
 * The platform of a simulated run, loaded before any part of the program (`node --import`): time, timers, chance,
 * the network and threads. The program itself runs as it is. As long as no history is under way, everything is
 * the real thing; a history puts its own in place.
 */
import crypto, { type KeyObject } from 'node:crypto';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import zlib from 'node:zlib';

/** What a history answers in the place of the machine. */
export type Platform = {
  /** The wall clock of the server, and of everybody who has no clock of their own; ms since 1970. */
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
  /** Calls back after `ms`, again and again where `every`; returns how to take that back. */
  readonly timer: (call: () => void, ms: number, every: boolean) => () => void;
  readonly fetch: (request: Request) => Promise<Response>;
  /** An error that nobody handled: the process that it happened in ends. */
  readonly unhandled: (error: unknown) => void;
};

let history: Platform | null = null;

/** Puts a history in the place of the machine; null puts the machine back. */
export function playOn(platform: Platform | null): void {
  history = platform;
}

const machine = {
  Date,
  random: Math.random,
  fetch: globalThis.fetch,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  clearImmediate: globalThis.clearImmediate,
  timeoutSignal: AbortSignal.timeout,
  now: performance.now.bind(performance),
  randomFillSync: crypto.randomFillSync,
  generateKeyPairSync: crypto.generateKeyPairSync,
};

/** Real time in ms: for limits of the run itself, never for what a history decides. */
export const realMs = (): number => machine.Date.now();

/** Waits in real time, for what the machine does outside of a history. */
export const realWait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    machine.setTimeout(resolve, ms);
  });

process.on('unhandledRejection', (error) => {
  if (!history) throw error;
  history.unhandled(error);
});

// Time and timers ------------------------------------------------------------------------------------------

globalThis.Date = new Proxy(machine.Date, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, history && given.length === 0 ? [history.nowMs()] : given, newTarget),
  get: (target, name, receiver) =>
    name === 'now' && history ? history.nowMs : Reflect.get(target, name, receiver),
});

performance.now = () => (history ? history.nowMs() : machine.now());

/** What `setTimeout` gives in a history: as much of Node's timer as programs use. */
class Timer {
  readonly cancel: () => void;
  constructor(cancel: () => void) {
    this.cancel = cancel;
  }
  ref = () => this;
  unref = () => this;
  hasRef = () => true;
}

const startTimer =
  (name: 'setTimeout' | 'setInterval') =>
  (call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown =>
    history
      ? new Timer(history.timer(() => call(...args), ms, name === 'setInterval'))
      : machine[name](call, ms, ...args);
const stopTimer = (timer: unknown): void => {
  if (timer instanceof Timer) timer.cancel();
  else machine.clearTimeout(timer as NodeJS.Timeout | undefined);
};

Object.assign(globalThis, {
  setTimeout: startTimer('setTimeout'),
  setInterval: startTimer('setInterval'),
  clearTimeout: stopTimer,
  clearInterval: stopTimer,
});

Object.assign(timers, {
  setTimeout: (ms = 0, value?: unknown, options: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(value), ms);
      options.signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(options.signal?.reason);
      });
    }),
});

AbortSignal.timeout = (ms) => {
  if (!history) return machine.timeoutSignal.call(AbortSignal, ms);
  const ending = new AbortController();
  history.timer(() => ending.abort(new DOMException('The time is over.', 'TimeoutError')), ms, false);
  return ending.signal;
};

// Chance ---------------------------------------------------------------------------------------------------

Math.random = () => (history ? history.chance() : machine.random());

function fill<Bytes extends NodeJS.ArrayBufferView | ArrayBufferLike>(into: Bytes): Bytes {
  if (!history) return machine.randomFillSync(into);
  const bytes = ArrayBuffer.isView(into)
    ? new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
    : new Uint8Array(into);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(history.chance() * 256);
  return into;
}
const bytes = (size: number): Buffer => fill(Buffer.alloc(size));

function uuid(): `${string}-${string}-${string}-${string}-${string}` {
  const hex = bytes(16).toString('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ] as const;
  return `${parts[0]}-${parts[1]}-${parts[2]}-${parts[3]}-${hex.slice(20)}`;
}

/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410, 7). */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyPair(): { privateKey: KeyObject; publicKey: KeyObject } {
  const der = Buffer.concat([ED25519, bytes(32)]);
  const privateKey = crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: crypto.createPublicKey(privateKey) };
}

Object.assign(crypto, {
  randomFillSync: fill,
  randomBytes: bytes,
  randomUUID: uuid,
  randomInt: (below: number) => Math.floor(Math.random() * below),
  generateKeyPairSync: (type: 'ed25519') => (history ? keyPair() : machine.generateKeyPairSync(type)),
});
globalThis.crypto.getRandomValues = fill;
globalThis.crypto.randomUUID = uuid;

// Whoever makes ids remembers something from one to the next: the state of `uuid`, a pool of random bytes. One
// history would leave it to the next.
const IDS = new URL('ids.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    (specifier === 'uuid' || specifier.endsWith('/mint-id.ts')) && context.parentURL !== IDS
      ? { url: IDS, shortCircuit: true }
      : next(specifier, context),
});

// Network --------------------------------------------------------------------------------------------------

globalThis.fetch = async (input, init) =>
  history ? history.fetch(new Request(input, init)) : machine.fetch(input, init);

// Threads --------------------------------------------------------------------------------------------------

/** What other threads work on for a history, and immediates that wait: until they are done, nothing has settled. */
const working = new Set<Promise<unknown>>();
const immediates = new Set<NodeJS.Immediate>();

function watched<Outcome>(work: Promise<Outcome>): Promise<Outcome> {
  working.add(work);
  const done = () => working.delete(work);
  work.then(done, done);
  return work;
}

/** Keys of tokens as bytes, once they were made: a thread takes longer to be asked for an HMAC than to make one. */
const macKeys = new WeakMap<CryptoKey, Buffer>();

const importKey = SubtleCrypto.prototype.importKey as (...args: unknown[]) => Promise<CryptoKey>;
Object.assign(SubtleCrypto.prototype, {
  async importKey(this: SubtleCrypto, ...args: unknown[]) {
    const key = await watched(importKey.apply(this, args));
    const [format, bytes] = args;
    if (format === 'raw' && key.algorithm.name === 'HMAC') macKeys.set(key, Buffer.from(bytes as Uint8Array));
    return key;
  },
});

function macOf(key: unknown, data: unknown): Buffer | null {
  const bytes = key instanceof CryptoKey ? macKeys.get(key) : undefined;
  if (!history || !bytes) return null;
  const { hash } = (key as CryptoKey).algorithm as unknown as { hash: { name: string } };
  return crypto
    .createHmac(hash.name, bytes)
    .update(data as Uint8Array)
    .digest();
}

const { sign, verify } = SubtleCrypto.prototype;
Object.assign(SubtleCrypto.prototype, {
  async sign(this: SubtleCrypto, ...args: Parameters<SubtleCrypto['sign']>) {
    const mac = macOf(args[1], args[2]);
    return mac ? new Uint8Array(mac).buffer : watched(sign.apply(this, args));
  },
  async verify(this: SubtleCrypto, ...args: Parameters<SubtleCrypto['verify']>) {
    const mac = macOf(args[1], args[3]);
    return mac ? mac.equals(new Uint8Array(args[2] as Uint8Array)) : watched(verify.apply(this, args));
  },
});

const { digest } = SubtleCrypto.prototype;
Object.assign(SubtleCrypto.prototype, {
  digest(this: SubtleCrypto, ...args: Parameters<SubtleCrypto['digest']>) {
    return watched(digest.apply(this, args));
  },
});

type Callback = (error: Error | null, result?: Buffer) => void;

/** Compression at once instead of on a thread: when a thread is done is nobody's to decide. */
const atOnce =
  (work: (data: Buffer, options?: object) => Buffer) =>
  (data: Buffer, ...rest: [Callback] | [object, Callback]): void => {
    const [options, call] = rest.length === 1 ? [undefined, rest[0]] : rest;
    let outcome: Parameters<Callback>;
    try {
      outcome = [null, work(data, options)];
    } catch (error) {
      outcome = [error as Error];
    }
    process.nextTick(() => call(...outcome));
  };
Object.assign(zlib, {
  zstdCompress: atOnce(zlib.zstdCompressSync),
  zstdDecompress: atOnce(zlib.zstdDecompressSync),
  gzip: atOnce(zlib.gzipSync),
  gunzip: atOnce(zlib.gunzipSync),
});

Object.assign(globalThis, {
  setImmediate: (call: (...args: unknown[]) => void, ...args: unknown[]) => {
    const immediate = machine.setImmediate(() => {
      immediates.delete(immediate);
      call(...args);
    });
    immediates.add(immediate);
    return immediate;
  },
  clearImmediate: (immediate: NodeJS.Immediate | undefined) => {
    if (immediate) immediates.delete(immediate);
    machine.clearImmediate(immediate);
  },
});

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    machine.setImmediate(resolve);
  });

/** Files that are read or written on threads, and processes of our own. */
const isUnderWay = (resource: string): boolean =>
  resource.startsWith('FSReq') || resource.startsWith('Process');

/** Waits until the program has nothing left to do but wait for what a history decides. */
export async function settled(): Promise<void> {
  for (;;) {
    await turn();
    if (working.size > 0) await Promise.allSettled(working);
    else if (immediates.size === 0 && !process.getActiveResourcesInfo().some(isUnderWay)) return;
  }
}

syncBuiltinESMExports();
