import * as argon2 from '@node-rs/argon2';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { userIdSchema } from '#shared/ids.ts';
import { inCompany } from '../../server/db.ts';
import type { Worker } from '../../server/jobs/work.ts';
import type { Actor } from '../../server/people/actor.ts';
import { invite } from '../../server/people/invitations.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { uuidBytes } from '../../server/uuid-bytes.ts';
import { accept, invitation, invited as inviteBy } from '../support/invite.ts';
import { type Mailbox, mailbox } from '../support/mailbox.ts';
import { type Office, officeOf } from '../support/office.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { testWorker } from '../support/worker.ts';

// Does what it did, and counts.
vi.mock('@node-rs/argon2', { spy: true });

const PASSWORD = 'correct horse battery';

const log: string[] = [];
const { central, server } = await startCentral((line) => log.push(line));
let box: Mailbox;
let worker: Worker;
let office: Office;

beforeAll(async () => {
  box = await mailbox();
  worker = await testWorker(central, box, (line) => log.push(line));
  office = await officeOf(server.url, central.company);
});
afterAll(async () => {
  await worker?.stop();
  await box?.close();
});

const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
  queryAs<Row>(central, central.company.company_id, sql, values);
const invited = () => inviteBy(office, box);
const act = (id: string, what: 'resend' | 'revoke') => office.post(`/api/v1/invitations/${id}/${what}`, {});

describe('a code', () => {
  test('that opens nothing is refused in the same words and with the same work, whatever is wrong with it', async () => {
    const [used, expired, withdrawn, disabled, resent] = await Promise.all(
      Array.from({ length: 5 }, () => invited()),
    );
    if (!(used && expired && withdrawn && disabled && resent)) throw new Error('unreachable');
    await accept(server.url, { token: used.code, password: PASSWORD });
    await query(`update invitation set accepted_at = now() - interval '1 day' where user_id = $1`, [
      used.user_id,
    ]);
    await query('update invitation set expires_at = now() where user_id = $1', [expired.user_id]);
    await act(withdrawn.invitation_id, 'revoke');
    await office.post(`/api/v1/users/${disabled.user_id}/disable`, {});
    await act(resent.invitation_id, 'resend');
    const codes = {
      used: used.code,
      expired: expired.code,
      withdrawn: withdrawn.code,
      disabled: disabled.code,
      'mailed before': resent.code,
      unknown: Buffer.concat([uuidBytes(central.company.company_id), Buffer.alloc(32, 7)]).toString(
        'base64url',
      ),
      'of a company that is not there': Buffer.alloc(48, 9).toString('base64url'),
      'no code at all': 'a'.repeat(20),
    };
    for (const [what, token] of Object.entries(codes)) {
      vi.mocked(argon2.hash).mockClear();
      vi.mocked(argon2.verify).mockClear();
      const { status, body } = await accept(server.url, { token, password: PASSWORD });
      expect([what, status, { ...body, request_id: '' }]).toEqual([
        what,
        403,
        {
          type: 'about:blank',
          title: 'Forbidden',
          status: 403,
          code: 'invitation_refused',
          detail:
            'This code is wrong, was used or withdrawn, or its time is over. Ask for another invitation.',
          request_id: '',
        },
      ]);
      const work = [vi.mocked(argon2.hash).mock.calls.length, vi.mocked(argon2.verify).mock.calls.length];
      expect([what, work]).toEqual([what, [1, 1]]);
    }
  });

  test('is not tried more often than 60 times a minute from one place', async () => {
    const tries = Array.from({ length: 70 }, () =>
      fetch(`${server.url}/api/v1/auth/accept-invitation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '2001:db8::5' },
        body: '{}',
      }).then(({ status }) => status),
    );
    const statuses = Map.groupBy(await Promise.all(tries), (status) => status);
    expect([statuses.get(422)?.length, statuses.get(429)?.length]).toEqual([60, 10]);
  });

  test('stands nowhere but in the mail, and no address in the queue or a log', async () => {
    const { code, email, user_id } = await invited();
    await accept(server.url, { token: code, password: PASSWORD, pin: '8051' });
    const secret = Buffer.from(code, 'base64url').subarray(16);
    const kept = await everythingKept();
    expect(kept.public).toContain(email);
    for (const clue of [code, secret.toString('hex'), secret.toString('base64'), PASSWORD]) {
      expect(kept.public).not.toContain(clue);
      expect(kept.pgboss).not.toContain(clue);
      expect(log.join('')).not.toContain(clue);
    }
    expect(kept.pgboss).toContain(central.company.company_id);
    for (const clue of [email, 'Noor', user_id]) expect(kept.pgboss).not.toContain(clue);
    for (const clue of [email, 'Noor']) expect(log.join('')).not.toContain(clue);
  });
});

/** All rows of the company and of the queue, as text. */
async function everythingKept(): Promise<{ public: string; pgboss: string }> {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`set tilldock.company_id = '${central.company.company_id}'`);
    const dump = async (schema: string): Promise<string> => {
      const found = await owner.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c
         where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition`,
        [schema],
      );
      const texts = [];
      for (const { name } of found.rows) {
        const { rows } = await owner.query<{ text: string }>(
          `select to_jsonb(t)::text as text from ${name} t`,
        );
        texts.push(...rows.map(({ text }) => text));
      }
      return texts.join('\n');
    };
    return { public: await dump('public'), pgboss: await dump('pgboss') };
  } finally {
    await owner.end();
  }
}

describe('an invitation and its mail', () => {
  test('are made together or not at all', async () => {
    const given = invitation();
    const made = inCompany(central.db, central.company.company_id, async (tx) => {
      await invite(tx, await administrator(central.company), given as never);
      throw new Error('the power fails');
    });
    await expect(made).rejects.toThrow('the power fails');
    const left = await query<{ kind: string }>(
      `select 'user' as kind from app_user where user_id = $1
       union all select 'invitation' from invitation where invitation_id = $2
       union all select 'job' from pgboss.job where data->>'invitation_id' = $2::text`,
      [given.user_id, given.invitation_id],
    );
    expect(left).toEqual([]);
  });

  test('are told in the record of changes: who did what, and from where', async () => {
    const { invitation_id, code, user_id } = await invited();
    await act(invitation_id, 'resend');
    expect((await accept(server.url, { token: code, password: PASSWORD })).status).toBe(403);
    const other = await invited();
    await act(other.invitation_id, 'revoke');
    await accept(server.url, { token: other.code, password: PASSWORD });
    const entries = await query<{ action: string; user_id: string; ip: string }>(
      `select action, user_id, ip from audit_entry where entity = 'invitation' and key = any($1) order by entry_id`,
      [[invitation_id, other.invitation_id]],
    );
    const admin = person(central.company, 'ADMIN');
    expect(entries.map((entry) => [entry.action, entry.user_id])).toEqual([
      ['invitation.created', admin],
      ['invitation.resent', admin],
      ['invitation.created', admin],
      ['invitation.revoked', admin],
    ]);
    expect(entries.every(({ ip }) => ip !== null)).toBe(true);
    const created = await query(`select from audit_entry where action = 'user.created' and key = $1`, [
      user_id,
    ]);
    expect(created).toHaveLength(1);
  });
});

/** The administrator, as a request of theirs would be. */
async function administrator(company: SeededCompany): Promise<Actor> {
  const permissions = await query<{ code: string }>('select code from permission');
  return {
    company_id: company.company_id,
    user_id: userIdSchema.parse(person(company, 'ADMIN')),
    session_id: uuid() as never,
    permissions: new Set(permissions.map(({ code }) => code as never)),
    scope: { kind: 'company' },
    origin: { ip: '127.0.0.1', user_agent: '', request_id: 'x' },
  };
}
