import { net, protocol } from 'electron';
import { answerWithPageFile, contentSecurityPolicy, plainAnswer } from './page-files.ts';

/** Where the screens live. A scheme and a host of our own give them an origin, which `file:` does not. */
export const appOrigin = 'app://tilldock';

/** Must be called before the app is ready: Chromium learns its schemes once. */
export const declareAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);

/**
 * Answers `app://tilldock/…` with the built screens in `folder`, read-only, and nothing else. `devUrl`, which a
 * packed app never has, is the address of a Vite server that answers in place of the folder.
 */
export const serveAppScheme = (folder: string, devUrl: string | null): void => {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'tilldock') return toResponse(plainAnswer(404, 'Not found'));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return toResponse(plainAnswer(405, 'Only GET is answered'));
    }
    if (devUrl !== null) return answerFromVite(devUrl, url);
    return toResponse(await answerWithPageFile(folder, url.pathname));
  });
};

const toResponse = (answer: {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}) => new Response(answer.body, { status: answer.status, headers: answer.headers });

/** Vite's hot reload adds inline scripts and styles and opens a socket to itself, so its policy is looser. */
const answerFromVite = async (devUrl: string, url: URL): Promise<Response> => {
  const answer = await net.fetch(new URL(url.pathname + url.search, devUrl).href);
  const headers = new Headers(answer.headers);
  const socket = new URL(devUrl);
  headers.set(
    'content-security-policy',
    contentSecurityPolicy('vite', [`ws://${socket.host}`, socket.origin])
      .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      .replace(/style-src [^;]*/, "style-src 'self' 'unsafe-inline'"),
  );
  return new Response(answer.body, { status: answer.status, headers });
};
