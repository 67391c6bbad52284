import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { terminalIdSchema } from '#shared/ids.ts';
import { challengeText } from '#shared/people/challenge.ts';
import { ticketSchema } from '#shared/sales/ticket.ts';
import { ticketFaults } from '#shared/sales/ticket-check.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash, verifyChain } from '#shared/sync/chain.ts';
import { nonceSchema, PROTOCOL } from '#shared/sync/push.ts';
import { readOperations, sha256 } from '../../../server/sync/received.ts';

const linkSchema = z.strictObject({ canonical: z.string(), prev_hash: z.string(), hash: z.string() });
const exampleSchema = z.strictObject({
  about: z.string(),
  key: z.strictObject({ seed_hex: z.string(), public_key: z.string() }),
  login: z.strictObject({ challenge: z.string(), signed_text: z.string(), signature: z.string() }),
  push: z.strictObject({ nonce: nonceSchema }),
  ticket: linkSchema,
  operations: z.array(linkSchema).length(3),
});

/** PKCS #8 (RFC 8410) of an Ed25519 key ends in its 32-byte seed. */
const PKCS8_BEFORE_SEED = '302e020100300506032b657004220420';

let example: z.infer<typeof exampleSchema>;
let page: string;

beforeAll(async () => {
  const read = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
  example = exampleSchema.parse(JSON.parse(await read('sync-example.json')));
  page = await read('sync.md');
});

describe('the worked example of docs/sync.md', () => {
  test('signs its challenge as the server checks it', () => {
    const { key, login } = example;
    const der = Buffer.from(PKCS8_BEFORE_SEED + key.seed_hex, 'hex');
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: key.public_key },
      format: 'jwk',
    });
    expect(challengeText(login.challenge)).toBe(login.signed_text);
    const text = Buffer.from(login.signed_text);
    expect(sign(null, text, privateKey).toString('base64url')).toBe(login.signature);
    expect(verify(null, text, publicKey, Buffer.from(login.signature, 'base64url'))).toBe(true);
  });

  test('writes every text canonically and hashes it behind the one before', () => {
    for (const { canonical, prev_hash, hash } of [...example.operations, example.ticket]) {
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
      expect(linkHash(prev_hash, canonical, sha256)).toBe(hash);
    }
    expect(verifyChain(example.operations, GENESIS, sha256)).toMatchObject({ intact: true });
  });

  test('is taken by the server, operation by operation, with keys in any order', async () => {
    const operations = example.operations.map(({ canonical, prev_hash, hash }) => {
      const content = Object.entries(JSON.parse(canonical) as object).reverse();
      return { hash, prev_hash, ...Object.fromEntries(content) };
    });
    const terminal = terminalIdSchema.parse(JSON.parse(example.operations[0]?.canonical ?? '').terminal_id);
    const place = { protocol: PROTOCOL, epoch: 1, from_seq: 1, prev_hash: GENESIS } as const;
    const batch = { ...place, nonce: example.push.nonce, operations };
    for (const received of await readOperations(batch, terminal))
      expect(received.read).toHaveProperty('operation');
  });

  test('has a ticket that adds up, in its operation as it stands alone', () => {
    const ticket = ticketSchema.parse(JSON.parse(example.ticket.canonical));
    expect(ticketFaults(ticket)).toEqual([]);
    const { body } = JSON.parse(example.operations[1]?.canonical ?? '') as { body: object };
    expect(body).toEqual({ ticket, ticket_prev_hash: GENESIS, ticket_hash: example.ticket.hash });
  });

  test('stands on the page as it stands in the file', () => {
    const { key, login, push, ticket, operations } = example;
    const hashes = [ticket, ...operations].map(({ hash }) => hash);
    for (const value of [key.public_key, login.signature, push.nonce, operations[0]?.canonical, ...hashes]) {
      expect(page).toContain(value);
    }
  });
});
