import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerWithPageFile, type PageAnswer, plainAnswer } from '../../page-files.ts';

/** Why a request was turned away at the door. */
export type Rejection = 'foreign host' | 'foreign origin' | 'not a read' | 'no such path';

/**
 * Whether a request comes from this machine's own page: its `Host` must be one of `hosts`, letter for letter
 * (that defeats DNS rebinding), and an `Origin`, where there is one, must be that very host's.
 */
export const rejectionOf = (
  request: Pick<IncomingMessage, 'headers'>,
  hosts: readonly string[],
  needsOrigin: boolean,
): Rejection | null => {
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host)) return 'foreign host';
  if (origin === undefined) return needsOrigin ? 'foreign origin' : null;
  return origin === `http://${host}` ? null : 'foreign origin';
};

/** Answers one HTTP request with a file of the screens. There is nothing here to change, so reads only. */
export const answerPageRequest = async (
  request: IncomingMessage,
  response: ServerResponse,
  { files, hosts, onReject }: { files: string; hosts: readonly string[]; onReject(why: Rejection): void },
): Promise<void> => {
  const rejection = rejectionOf(request, hosts, false);
  if (rejection !== null) {
    onReject(rejection);
    return send(request, response, plainAnswer(403, 'Refused'));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    onReject('not a read');
    const answer = plainAnswer(405, 'Only GET is answered');
    return send(request, response, { ...answer, headers: { ...answer.headers, allow: 'GET, HEAD' } });
  }
  const path = (request.url ?? '/').replace(/[?#].*$/s, '');
  const sockets = hosts.map((host) => `ws://${host}`);
  send(request, response, await answerWithPageFile(files, path, sockets));
};

const send = (request: IncomingMessage, response: ServerResponse, answer: PageAnswer): void => {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
};
