import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** An answer to a request for a file of the built screens, to be put on any wire. */
export type PageAnswer = { status: number; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> };

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * The content security policy of a page: everything from the page's own origin and nothing else.
 *
 * `nonce` lets React Aria add its one `<style>` element, which it does with the nonce of the page's
 * `csp-nonce` meta element. `connect` names the sockets the page may open besides its own origin.
 */
export const contentSecurityPolicy = (nonce: string, connect: readonly string[] = []): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Headers that every answer to a screen carries, whatever its status. */
const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
  'x-frame-options': 'DENY',
};

/** An answer of one line of text. */
export const plainAnswer = (status: number, text: string): PageAnswer => ({
  status,
  headers: {
    ...securityHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(newNonce()),
    'cache-control': 'no-store',
  },
  body: bytesOf(text),
});

const newNonce = () => randomBytes(16).toString('base64');

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * The file of `folder` that `urlPath` names (`/` is `index.html`), with its type and the security headers.
 * Anything that is not a plain path to a file of a known type inside the folder is 404, and says no more.
 */
export const answerWithPageFile = async (
  folder: string,
  urlPath: string,
  connect: readonly string[] = [],
): Promise<PageAnswer> => {
  const file = fileOf(folder, urlPath);
  const type = file === null ? undefined : types[path.extname(file)];
  if (file === null || type === undefined) return plainAnswer(404, 'Not found');

  let content: Uint8Array<ArrayBuffer>;
  try {
    content = new Uint8Array(await readFile(file));
  } catch (error) {
    if (isMissing(error)) return plainAnswer(404, 'Not found');
    throw error;
  }

  const nonce = newNonce();
  const isPage = type.startsWith('text/html');
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce, connect),
      // Vite names what it builds by its content; the page itself is named by nothing and must be asked for.
      'cache-control': urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
    body: isPage ? withNonce(content, nonce) : content,
  };
};

const fileOf = (folder: string, urlPath: string): string | null => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null; // A malformed escape names no file.
  }
  const parts = decoded.split('/').slice(1);
  const last = parts.at(-1) === '' ? 'index.html' : undefined;
  const names = last === undefined ? parts : [...parts.slice(0, -1), last];
  const isPlain = names.every((name) => /^[\w@-][\w.@-]*$/.test(name));
  return decoded.startsWith('/') && names.length > 0 && isPlain ? path.join(folder, ...names) : null;
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code));

const withNonce = (html: Uint8Array<ArrayBuffer>, nonce: string): Uint8Array<ArrayBuffer> =>
  bytesOf(
    new TextDecoder()
      .decode(html)
      .replace(/<head>/i, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}">`),
  );
