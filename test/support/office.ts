import { randomBytes } from 'node:crypto';
import type { TokenReply } from '#shared/contract/office/auth.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import type { Answer } from './wire-terminal.ts';

/** Somebody who is signed in to the back office, made of nothing but the documented HTTP API. */
export type Office = {
  readonly tokens: TokenReply;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: unknown) => Promise<Answer>;
  /** A change of a row, made from a version of it. */
  readonly patch: (path: string, version: number, body: unknown) => Promise<Answer>;
};

/** Signs a person of the demo shop in. */
export async function officeOf(
  url: string,
  company: SeededCompany,
  role: 'ADMIN' | 'MANAGER' = 'ADMIN',
): Promise<Office> {
  const { office } = DEMO_SHOP.people.find((person) => person.role === role) ?? {};
  if (!office) throw new Error(`nobody of the demo shop signs in as ${role}`);
  const { email: username, password } = office;
  return signedIn(url, { username, password, client_id: company.company_id });
}

/** Signs in, and expects that it works. */
export async function signedIn(url: string, form: Record<string, string>): Promise<Office> {
  const answer = await askForToken(url, { grant_type: 'password', ...form });
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return withTokens(url, answer.body as TokenReply);
}

/** `POST /token` with a form, as OAuth 2 clients send it; from a place of its own unless one is given. */
export const askForToken = (url: string, form: Record<string, string>, from = newPlace()): Promise<Answer> =>
  ask(`${url}/token`, {
    method: 'POST',
    headers: { 'x-forwarded-for': from },
    body: new URLSearchParams(form),
  });

/** An address that nobody tried from yet. */
export const newPlace = (): string => `2001:db8:${randomBytes(12).toString('hex').match(/.{4}/g)?.join(':')}`;

export function withTokens(url: string, tokens: TokenReply): Office {
  const send: Office['send'] = (method, path, body, headers) =>
    ask(url + path, {
      method,
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    tokens,
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    patch: (path, version, body) => send('PATCH', path, body, { 'if-match': `"${version}"` }),
  };
}

/** One request, and what came back. */
export async function ask(address: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(address, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
  };
}
