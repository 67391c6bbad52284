import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FaultLine, Meddling, Passage } from './fault-line.ts';

/** What befalls one request on its way, or its answer. */
export type Blow =
  | 'cut before the request'
  | 'cut in mid request'
  | 'cut before the answer'
  | 'cut in mid answer'
  | 'damaged request'
  | 'damaged answer'
  | 'request sent twice'
  | 'answer delayed'
  | 'answer in pieces'
  | 'captive portal'
  | 'broken gzip'
  | 'silence';

/** Lets a blow fall on the next request to a path. Settles, with the connection, when it begins. */
export function strike(line: FaultLine, path: string, blow: Blow | Meddling): Promise<Passage> {
  return new Promise((resolve) => {
    let struck: Passage | null = null;
    let work: Meddling = (_passage, _direction, bytes) => bytes;
    line.meddle = (passage, direction, bytes) => {
      if (struck === null && direction === 'asked' && isRequestFor(path, bytes)) {
        struck = passage;
        work = typeof blow === 'string' ? BLOWS[blow]() : blow;
        resolve(passage);
      }
      return passage === struck ? work(passage, direction, bytes) : bytes;
    };
  });
}

const isRequestFor = (path: string, bytes: Buffer): boolean =>
  new RegExp(`^[A-Z]+ ${path}[? ]`).test(bytes.toString('latin1', 0, 200));

/** Long enough for whoever waits to notice; everybody's deadline is longer. */
const DELAY_MS = 300;
const END_OF_HEAD = '\r\n\r\n';

const BLOWS: Readonly<Record<Blow, () => Meddling>> = {
  'cut before the request': () => (passage) => {
    passage.cut();
    return null;
  },
  'cut in mid request': () => {
    let left: number | null = null;
    return (passage, _direction, bytes) => {
      left ??= Math.trunc(lengthOf(bytes) * 0.6);
      const part = bytes.subarray(0, left);
      left -= part.length;
      passage.far.write(part, () => left === 0 && passage.cut());
      return null;
    };
  },
  'cut before the answer': () => (passage, direction, bytes) => {
    if (direction === 'asked') return bytes;
    passage.cut();
    return null;
  },
  'cut in mid answer': () => (passage, direction, bytes) => {
    if (direction === 'asked') return bytes;
    passage.near.write(bytes.subarray(0, Math.trunc(lengthOf(bytes) * 0.9)), passage.cut);
    return null;
  },
  'damaged request': damageOf('asked'),
  'damaged answer': damageOf('answered'),
  'request sent twice': () => {
    const asked: Buffer[] = [];
    let isRepeated = false;
    return (passage, direction, bytes) => {
      if (direction === 'asked' && !isRepeated) asked.push(bytes);
      else if (direction === 'answered' && !isRepeated) {
        isRepeated = true;
        repeat(passage, Buffer.concat(asked));
      }
      return bytes;
    };
  },
  'answer delayed': () => (passage, direction, bytes) => {
    if (direction === 'asked') return bytes;
    setTimeout(() => passage.near.write(bytes), DELAY_MS);
    return null;
  },
  'answer in pieces': () => (passage, direction, bytes) => {
    if (direction === 'asked') return bytes;
    for (let at = 0; at < bytes.length; at += 61) passage.near.write(bytes.subarray(at, at + 61));
    return null;
  },
  'captive portal': () => answerInstead('text/html', Buffer.from('<!doctype html><h1>Please sign in</h1>')),
  'broken gzip': () => {
    const whole = gzipSync(JSON.stringify({ filler: Array.from({ length: 999 }, (_, number) => number) }));
    return answerInstead(
      'application/json',
      whole.subarray(0, whole.length / 2),
      'content-encoding: gzip\r\n',
    );
  },
  silence: () => () => null,
};

/** Turns bits in a body as they pass, its head excepted. */
function damageOf(which: 'asked' | 'answered'): () => Meddling {
  return () => {
    let isInBody = false;
    return (_passage, direction, bytes) => {
      if (direction !== which) return bytes;
      const head = isInBody ? 0 : bytes.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
      isInBody = true;
      const damaged = Buffer.from(bytes);
      for (let at = head + 20; at < damaged.length; at += 97) damaged.writeUInt8((bytes[at] ?? 0) ^ 0x11, at);
      return damaged;
    };
  };
}

/**
 * One bit of a request's body turns on its way, which TCP alone does not always notice.
 * @param place from 0, its first byte, to 1
 */
export function turnBit(place: number): Meddling {
  let isTurned = false;
  return (_passage, direction, bytes) => {
    const body = bytes.indexOf(END_OF_HEAD) + END_OF_HEAD.length;
    if (direction === 'answered' || isTurned || body >= bytes.length) return bytes;
    isTurned = true;
    const turned = Buffer.from(bytes);
    const at = body + Math.trunc(place * (bytes.length - body - 1));
    turned.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    return turned;
  };
}

/** Somebody on the way answers, and the server hears nothing. */
function answerInstead(type: string, body: Buffer, more = ''): Meddling {
  let isAnswered = false;
  return (passage) => {
    if (isAnswered) return null;
    isAnswered = true;
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${more}content-length: ${body.length}\r\nconnection: close\r\n`;
    passage.near.end(Buffer.concat([Buffer.from(`${head}\r\n`), body]));
    return null;
  };
}

/** The same request again, over a connection of its own; nobody reads the answer. */
function repeat({ far }: Passage, request: Buffer): void {
  const again = connect({ port: far.remotePort ?? 0, host: '127.0.0.1' });
  again.on('error', () => again.destroy());
  again.once('data', () => again.destroy());
  again.write(request);
}

/** How long a message is altogether, as its head says; what came of it, where the head does not say. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf(END_OF_HEAD);
  const said = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, end < 0 ? 0 : end))?.[1];
  return said === undefined ? bytes.length : end + END_OF_HEAD.length + Number(said);
}
