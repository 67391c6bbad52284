import { connect } from 'node:net';
import fc from 'fast-check';

const TARGETS = [
  '/api/v1/departments',
  '/api/v1/departments/%ff',
  '/api/v1/sync/push',
  '/token',
  '/health',
  '*',
  'http://evil.example/api/v1/me',
  '//evil.example/',
  '/\xff\xfe',
  '/a b',
  '/\t',
  '',
  `/${'a'.repeat(20_000)}`,
];

const HEADERS = [
  'Host: x',
  'Host: a\r\nHost: b',
  'Authorization: Bearer \xff\xfe',
  'Authorization : Bearer a.b.c',
  'X-Request-Id: a\r\nX-Evil: 1',
  'X-Request-Id: a\nX-Evil: 1',
  'X-Request-Id: a\rX-Evil: 1',
  'X-Request-Id: \0',
  ' folded: line',
  'no colon here',
  ': no name',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 5, 6',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity, chunked',
  'Content-Length: 3\r\nTransfer-Encoding: chunked',
  'Content-Type: application/json',
  'Content-Type: application/json; charset=\xff',
  'If-Match: "\xc3\x28"',
  'Cookie: a=\x7f\x01',
  'Expect: 100-continue',
  'Expect: nonsense',
  'Upgrade: websocket\r\nConnection: Upgrade',
  `X-Long: ${'a'.repeat(20_000)}`,
];

const BODIES = [
  '',
  '{}',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffff\r\n',
  'zz\r\n',
  '0\r\nX-Evil: 1\r\n\r\n',
  '{"a":"\xff"}',
];

const mostly = (right: readonly string[], wrong: readonly string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...right) },
    { weight: 1 + right.length, arbitrary: fc.constantFrom(...wrong) },
  );

/** What somebody might write to the socket who does not care for HTTP. Latin-1: each character is a byte. */
export const rawRequests: fc.Arbitrary<string> = fc
  .record({
    method: mostly(['GET', 'POST'], ['PATCH', 'get', 'G\0T', 'CONNECT', 'PRI', '', 'A'.repeat(200)]),
    target: mostly(TARGETS.slice(0, 5), TARGETS.slice(5)),
    version: mostly(['HTTP/1.1'], ['HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'FTP/1.1', '']),
    host: mostly(['Host: x'], ['X: y']),
    headers: fc.array(mostly(['Content-Type: application/json'], HEADERS), { maxLength: 3 }),
    body: mostly([''], BODIES),
    end: mostly(['\r\n'], ['\n', '\r']),
  })
  .map(
    ({ method, target, version, host, headers, body, end }) =>
      `${method} ${target} ${version}${end}${[host, ...headers, 'Connection: close'].join(end)}${end}${end}${body}`,
  );

/** Writes bytes to a server and ends; gives all that it answers, as Latin-1. */
export const sendRaw = (address: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(text, 'latin1'));
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${JSON.stringify(text)}`)));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // It hung up while we were still writing.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        resolve(Buffer.concat(chunks).toString('latin1'));
      else reject(error);
    });
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
