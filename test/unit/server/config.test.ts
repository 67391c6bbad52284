import { execSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../../server/config.ts';

/** What the configuration says about an environment. */
function mistakes(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

const SECRET = 'kJ8vQ2xWz5pLr9TnB3mYc7HdF1gSa6Ue';
const DATABASE = 'postgres://tilldock:hunter2hunter2@db.example:5432/tilldock';

describe('the configuration', () => {
  test('needs nothing to begin with', () => {
    expect(readConfig({})).toMatchObject({
      NODE_ENV: 'development',
      TILLDOCK_HOST: '127.0.0.1',
      TILLDOCK_PORT: 8484,
      TILLDOCK_DATA: 'data',
      TILLDOCK_POOL: 10,
    });
  });

  test('takes an empty value for none', () => {
    expect(readConfig({ TILLDOCK_PORT: '', DATABASE_URL: '' })).toMatchObject({ TILLDOCK_PORT: 8484 });
  });

  test('lists every mistake at the same time, those of production too', () => {
    const found = mistakes({
      NODE_ENV: 'production',
      TILLDOCK_PORT: '70000',
      TILLDOCK_POOL: 'many',
      TILLDOCK_LOG: 'loud',
      DATABASE_OWNER_URL: 'mysql://x',
      TILLDOCK_PROXIES: 'everybody',
      TILLDOCK_SMTP_URL: 'https://mail.example',
      TILLDOCK_WORKER: 'maybe',
      TILLDOCK_SAFE: 'replicated:0',
    });
    expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_OWNER_URL',
      'DATABASE_URL',
      'TILLDOCK_LOG',
      'TILLDOCK_MAIL_FROM',
      'TILLDOCK_POOL',
      'TILLDOCK_PORT',
      'TILLDOCK_PROXIES',
      'TILLDOCK_SAFE',
      'TILLDOCK_SECRET',
      'TILLDOCK_SMTP_URL',
      'TILLDOCK_WORKER',
    ]);
  });

  test('in production takes a database and a secret from its environment, or nothing', () => {
    const whole = { NODE_ENV: 'production', DATABASE_URL: DATABASE, TILLDOCK_SECRET: SECRET };
    expect(mistakes(whole)).toEqual([]);
    expect(mistakes({ ...whole, DATABASE_URL: undefined })).toEqual([
      'DATABASE_URL: must be set in production',
    ]);
    expect(mistakes({ ...whole, TILLDOCK_SECRET: undefined })).toEqual([
      'TILLDOCK_SECRET: must be set in production',
    ]);
    expect(mistakes({ ...whole, TILLDOCK_SECRET: SECRET.slice(1) })).toEqual([
      'TILLDOCK_SECRET: must have at least 32 characters',
    ]);
    expect(mistakes({ ...whole, TILLDOCK_SECRET: '' })).toEqual([
      'TILLDOCK_SECRET: must be set in production',
    ]);
    expect(mistakes({ ...whole, NODE_ENV: 'prod' })).not.toEqual([]);
  });

  test('in production takes no secret that was thought up', () => {
    const whole = { NODE_ENV: 'production', DATABASE_URL: DATABASE };
    for (const secret of [
      'change-me-change-me-change-me-change-me',
      'CHANGEME-x9Qz72Lk0vYw3RtB5nPd8Ghs',
      'please-insert-a-long-random-value-here',
      'my super Secret that nobody can guess',
      'tilldock-production-key-2026-november',
      'a'.repeat(32),
      '0'.repeat(64),
      'abababab-abababab-abababab-abababab',
      's3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t',
      '12345678901234567890123456789012',
      'kJ8vQ2xWz5pLr9TnkJ8vQ2xWz5pLr9Tn',
    ]) {
      expect([secret, mistakes({ ...whole, TILLDOCK_SECRET: secret })]).toEqual([
        secret,
        ['TILLDOCK_SECRET: must be random; make one with the command in .env.example'],
      ]);
      expect(mistakes({ TILLDOCK_SECRET: secret })).toEqual([]);
    }
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      for (let count = 0; count < 500; count += 1) {
        const secret = randomBytes(form === 'hex' ? 16 : 32).toString(form);
        expect([secret, mistakes({ ...whole, TILLDOCK_SECRET: secret })]).toEqual([secret, []]);
      }
    }
  });

  test('takes no secret from the example, which has none', async () => {
    const example = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
    expect(example).toMatch(/^TILLDOCK_SECRET=$/m);
    const [command = ''] = /node -p "[^"]+"/.exec(example) ?? [];
    const secret = execSync(command, { encoding: 'utf8' }).trim();
    const whole = { NODE_ENV: 'production', DATABASE_URL: DATABASE, TILLDOCK_SECRET: secret };
    expect(mistakes(whole)).toEqual([]);
  });

  test('takes ports and sizes in digits only', () => {
    for (const port of ['0x10', '1e3', ' 80', '80.0', '-1', '65536']) {
      expect([port, mistakes({ TILLDOCK_PORT: port })]).toEqual([
        port,
        [expect.stringContaining('TILLDOCK_PORT: must be')],
      ]);
    }
    expect(readConfig({ TILLDOCK_PORT: '0', TILLDOCK_POOL: '200' })).toMatchObject({
      TILLDOCK_PORT: 0,
      TILLDOCK_POOL: 200,
    });
  });

  test('takes proxies as addresses or networks', () => {
    for (const list of ['10.0.0.1', '10.0.0.0/8, 192.168.1.1', 'fd00::/8']) {
      expect(readConfig({ TILLDOCK_PROXIES: list })).toMatchObject({ TILLDOCK_PROXIES: list });
    }
    for (const list of ['999.1.1.1', '10.0.0.0/33', 'proxy.example', '10.0.0.1,', 'true']) {
      expect([list, mistakes({ TILLDOCK_PROXIES: list })]).toEqual([
        list,
        ['TILLDOCK_PROXIES: must be addresses or networks'],
      ]);
    }
  });

  test('takes mail servers whose address says how to reach them, and who sends', () => {
    const from = { TILLDOCK_MAIL_FROM: 'no-reply@shop.example' };
    for (const address of [
      'smtp://mail.example',
      'smtps://mail.example:465/',
      'smtp://till%40dock:p%3Ass@mail.example:587?tls=on',
      'smtp://relay.local?tls=off',
      'smtp://[::1]:25',
    ]) {
      expect([address, mistakes({ ...from, TILLDOCK_SMTP_URL: address })]).toEqual([address, []]);
    }
    for (const address of [
      'mail.example',
      'smtp://',
      'http://mail.example',
      'smtp://mail.example/inbox',
      'smtp://mail.example?tls=maybe',
      'smtps://mail.example?tls=off',
      'smtp://user:100%@mail.example',
    ]) {
      expect([address, mistakes({ ...from, TILLDOCK_SMTP_URL: address })]).toEqual([
        address,
        ['TILLDOCK_SMTP_URL: must be an smtp:// or smtps:// address'],
      ]);
    }
    expect(mistakes({ TILLDOCK_SMTP_URL: 'smtp://mail.example' })).toEqual([
      'TILLDOCK_MAIL_FROM: must be set with TILLDOCK_SMTP_URL',
    ]);
    expect(mistakes({ TILLDOCK_MAIL_FROM: 'Tilldock <no-reply@shop.example>' })).toEqual([
      'TILLDOCK_MAIL_FROM: must be an e-mail address',
    ]);
  });

  test('never repeats a value: it may be a secret in the wrong place', () => {
    const value = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).map((text) => `§${text}`);
    const names = [
      'NODE_ENV',
      'TILLDOCK_PORT',
      'TILLDOCK_POOL',
      'TILLDOCK_LOG',
      'DATABASE_URL',
      'TILLDOCK_PROXIES',
      'TILLDOCK_MAIL_FROM',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), value, (name, secret) => {
        const found = mistakes({ [name]: secret });
        expect(found).toHaveLength(1);
        expect(found[0]).toContain(name);
        expect(found[0]).not.toContain(secret);
      }),
    );
  });
});
