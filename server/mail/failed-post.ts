import { type Letter, oneLine } from './letter.ts';
import type { Posted } from './post.ts';

/** What nodemailer tells of a failure. */
type SmtpError = { readonly code?: unknown; readonly responseCode?: unknown; readonly response?: unknown };

/**
 * A failure of SMTP in plain words. A server that says 5xx would say so again (RFC 5321, 4.2.1), except for 503, which
 * is about the order of commands; a wrong sign-in to the server is ours to repair, so the letter waits for it.
 */
export function failedPost(error: unknown, letter: Letter): Posted {
  const { code, responseCode, response } = (error ?? {}) as SmtpError;
  const answer =
    typeof response === 'string' && response !== '' ? ` It said: ${quoted(response, letter)}` : '';
  if (code === 'EAUTH') {
    return { state: 'delayed', reason: `The mail server did not accept our sign-in.${answer}` };
  }
  const isLasting =
    typeof responseCode === 'number' ? responseCode >= 500 && responseCode !== 503 : code === 'EENVELOPE';
  if (isLasting) return { state: 'refused', reason: `The mail server refused the mail.${answer}` };
  if (typeof responseCode === 'number') {
    return { state: 'delayed', reason: `The mail server did not take the mail yet.${answer}` };
  }
  return { state: 'delayed', reason: CAUSES[String(code)] ?? 'The mail could not be handed over.' };
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNECTION: 'The connection to the mail server broke.',
  ESOCKET: 'The mail server cannot be reached.',
  EDNS: 'The name of the mail server is not known.',
  ETIMEDOUT: 'The mail server did not answer in time.',
  ETLS: 'No safe connection (TLS) to the mail server could be made.',
};

/** What a server answered, as far as it may be shown: one short line, and never the code, should it repeat that. */
function quoted(response: string, { parts }: Letter): string {
  const codes = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.code]));
  return oneLine(codes.reduce((text, code) => text.replaceAll(code, '…'), response));
}
