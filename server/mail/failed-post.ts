import { type Letter, oneLine } from './letter.ts';
import type { Posted } from './post.ts';

/** What nodemailer tells of a failure: `originalCode` is the system's, where there is one. */
type SmtpError = {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
};

/**
 * A failure of SMTP in plain words. A server that says 5xx about a mail would say so again (RFC 5321, 4.2.1), except
 * for 503, which is about the order of commands. What is wrong between the server and us (a sign-in, a certificate)
 * is ours to repair, and the letter waits for it.
 */
export function failedPost(error: unknown, letter: Letter): Posted {
  const { code, originalCode, responseCode, response } = (error ?? {}) as SmtpError;
  const answer =
    typeof response === 'string' && response !== '' ? ` It said: ${quoted(response, letter)}` : '';
  if (code === 'EAUTH') {
    return { state: 'delayed', reason: `The mail server did not accept our sign-in.${answer}` };
  }
  if (code !== 'ETLS' && typeof responseCode === 'number') {
    return responseCode >= 500 && responseCode !== 503
      ? { state: 'refused', reason: `The mail server refused the mail.${answer}` }
      : { state: 'delayed', reason: `The mail server did not take the mail yet.${answer}` };
  }
  if (code === 'EENVELOPE') return { state: 'refused', reason: 'No mail can be sent to this address.' };
  const system = typeof originalCode === 'string' ? originalCode : '';
  const cause = TLS_TROUBLE.test(system) ? 'ETLS' : String(code);
  const detail = system === '' ? '' : ` (${oneLine(system)})`;
  return { state: 'delayed', reason: `${CAUSES[cause] ?? 'The mail could not be handed over'}${detail}.` };
}

/** What Node says of certificates and of TLS itself. */
const TLS_TROUBLE = /CERT|ISSUER|SIGNATURE|HOSTNAME|^ERR_(TLS|SSL)/;

const CAUSES: Readonly<Record<string, string>> = {
  ECONNECTION: 'The connection to the mail server broke',
  ESOCKET: 'The mail server cannot be reached',
  EDNS: 'The name of the mail server is not known',
  ETIMEDOUT: 'The mail server did not answer in time',
  ETLS: 'No safe connection (TLS) to the mail server could be made',
};

/** What a server answered, as far as it may be shown: one short line, and never the code, should it repeat that. */
function quoted(response: string, { parts }: Letter): string {
  const codes = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.code]));
  return oneLine(codes.reduce((text, code) => text.replaceAll(code, '…'), response));
}
