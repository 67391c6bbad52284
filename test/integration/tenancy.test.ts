import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addItems } from '../support/catalogue.ts';
import { queryAs, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { aborted, adjusted } from '../support/stock.ts';

/** Tables that belong to no company. Only the gate writes one of them: failed sign-ins, of addresses nobody has too. */
const GLOBAL = ['permission', 'schema_migration', 'server_epoch', 'sign_in_failure', 'worker_heartbeat'];

/** Every right of the server's two roles. `u:a,b` is an update of these columns and no others. */
const APP: Readonly<Record<string, string>> = {
  aborted_ticket: 'r a',
  app_user: 'r a u:client_id,disabled_at,email,name,password_hash,pin_hash,sees,status,version',
  audit_entry: 'r a',
  barcode: 'r a d',
  client: 'r a d u:billing_address,code,name',
  company: 'r a u:name',
  company_currency: 'r a d u:name',
  department: 'r a d u:name',
  ended_epoch: 'r a',
  enrolment: 'r a u:used_by',
  exception: 'r a',
  exception_decision: 'r a',
  exchange_rate: 'r a d u:rate_nano',
  feed: 'r a d u:feed_seq,gone,marked_at,marked_in',
  feed_counter: 'r a u:course,last_seq,min_seq,timeline',
  feed_past: 'r a',
  invitation: 'r a u:accepted_at,expires_at,mail_at,mail_job,mail_reason,mail_state,status,token_hash',
  journal: 'r a u:change_no,code,detail,exceptions,verdict',
  journal_batch: 'r a',
  journal_branch: 'r a',
  location:
    'r a d u:cash_step_minor,code,currency,day_change_hour,denominations,kind,name,prices_include_tax,tax_rounding,zone',
  office_session: 'r a d u:expires_at,last_used_at,revoked_at,revoked_because',
  operation_seen: 'r a',
  password_reset: 'r a u:expires_at,mailed_at,token_hash,used_at',
  payment_type: 'r a d u:kind,name',
  permission: 'r',
  product_family: 'r a u:base_name',
  product_identity: 'r a',
  refresh_token: 'r a d u:used_at',
  role: 'r a u:version',
  role_permission: 'r a d',
  sales_category: 'r a d u:department_code,name',
  sales_day: 'r a u:closed_at,closed_by,z,z_agrees',
  schema_migration: 'r',
  server_epoch: 'r',
  stock_level: 'r a u:quantity_milli',
  stock_move: 'r a',
  tax_class: 'r a d u:name,rates',
  tender: 'r a',
  terminal:
    'r a u:after_seq,clock_offset_ms,epoch,frozen_at,frozen_because,last_hash,last_seen_at,last_seq,location_id,marked_lsn,marked_on,marked_seq,name,nonce,nonce_before,nonce_number,public_key,resumed_with,revoked_at,safe_seq,verdict_changes',
  ticket: 'r a',
  ticket_line: 'r a',
  ticket_series: 'r a u:last_hash,last_number',
  ticket_tax: 'r a',
  user_location: 'r a d',
  user_role: 'r a d',
  variant: 'r a u:active,category_code,name,sku,tax_class_code,unit_price_micro',
  worker_heartbeat: 'r a d u:last_at,last_job_at',
};
/**
 * What the server may do in pg-boss's own schema. It knows no companies: a job holds ids, and whoever works it opens
 * a transaction of the company that they name.
 */
const BOSS: Readonly<Record<string, string>> = {
  job: 'r a d u',
  job_common: 'r a d u',
  job_dependency: 'r d',
  queue: 'r u',
  version: 'r u',
};
const GATE: Readonly<Record<string, string>> = {
  app_user: 'r:company_id,email,status,user_id',
  company: 'r:company_id,name',
  ended_epoch: 'r:company_id,epoch,public_key,terminal_id',
  enrolment: 'r:code_hash,company_id',
  location: 'r:code,company_id,location_id,zone',
  sign_in_failure: 'r a d u:failures,last_at',
  terminal: 'r:company_id,epoch,public_key,terminal_id',
};

const { central, server } = await startCentral();
let owner: pg.Client;
let ours: TestShop;
let theirs: TestShop;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  [ours, theirs] = [await tradingShop(), await tradingShop()];
});
afterAll(async () => {
  await owner?.end();
});

/** A company with goods, a closed sales day and an office, so that its tables have rows. */
async function tradingShop(): Promise<TestShop> {
  const shop = await testShop(central, server);
  const { company, terminal, day } = shop;
  await addItems(central.db, company.company_id, [
    { sku: 'MUG', name: 'Mug', price: 499, barcode: '4006381' },
  ]);
  await terminal.deliver([
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', day.ticket()),
    terminal.record('ticket.aborted', aborted(day.day_id)),
    terminal.record('stock.adjusted', adjusted('Breakage', [{ quantity: -2 }])),
    terminal.record('day.closed', day.closed()),
  ]);
  for (const sql of OFFICE_ROWS) await shop.query(sql);
  return shop;
}

/** A row in every table that an office fills. */
const OFFICE_ROWS = [
  `insert into exchange_rate (company_id, from_currency, to_currency, valid_from, rate_nano)
   select company_id, 'EUR', 'GBP', '2026-03-02', 850000000 from company`,
  `insert into client (company_id, client_id, code, name, billing_address)
   select company_id, gen_random_uuid(), 'COLD', 'Cold Goods Ltd', '' from company`,
  `insert into user_location select company_id, user_id, location_id from app_user join location using (company_id)
   on conflict do nothing`,
  `insert into office_session (company_id, session_id, user_id, expires_at, ip, user_agent)
   select company_id, user_id, user_id, now(), '127.0.0.1', '' from app_user`,
  `insert into refresh_token (company_id, token_hash, session_id)
   select company_id, sha256(session_id::text::bytea), session_id from office_session`,
  `insert into invitation (company_id, invitation_id, user_id, email, asked_hash, invited_by, expires_at, mail_job)
   select company_id, user_id, user_id, user_id::text, sha256(''), user_id, now(), user_id from app_user`,
  `insert into password_reset (company_id, reset_id, user_id, asked_by, expires_at)
   select company_id, user_id, user_id, user_id, now() from app_user`,
  `insert into ended_epoch (company_id, terminal_id, epoch, public_key, last_seq, last_hash)
   select company_id, terminal_id, epoch, public_key, last_seq, last_hash from terminal`,
  `insert into journal_branch (company_id, terminal_id, epoch, first_seq, last_seq, last_hash, body)
   select company_id, terminal_id, epoch, 1, last_seq, last_hash, '' from terminal`,
  `insert into feed_past (company_id, course, last_seq) select company_id, gen_random_uuid(), 0 from company`,
  `insert into exception_decision (company_id, exception_id, decision_id, action, settles, note, decided_at)
   select company_id, exception_id, gen_random_uuid(), 'accepted', true, '', now() from exception`,
  `insert into audit_entry (company_id, action, entity, key) select company_id, 'user.changed', 'user', '' from company`,
];

const asked = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await owner.query<Row>(sql, values)).rows;

const tables = async (): Promise<string[]> => {
  const found = await asked<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname`,
  );
  return found.map((row) => row.name);
};
const companyTables = async () => (await tables()).filter((name) => !GLOBAL.includes(name));

describe('the schema', () => {
  test('forces row-level security with the one policy on every table but the global ones', async () => {
    const protectedTables = await asked<{ name: string; policies: string[] }>(
      `select relname as name,
         array(select polname || ' ' || polcmd::text || ' ' || coalesce(pg_get_expr(polqual, polrelid), '') || ' ' ||
                 coalesce(pg_get_expr(polwithcheck, polrelid), '') from pg_policy where polrelid = c.oid
               order by polname) as policies
       from pg_class c where relnamespace = 'public'::regnamespace and relrowsecurity and relforcerowsecurity
       order by relname`,
    );
    expect(protectedTables.map((row) => row.name)).toEqual(await companyTables());
    const own = '(company_id = ( SELECT current_company() AS current_company))';
    for (const { name, policies } of protectedTables) {
      const gate = name in GATE ? ['gate r true '] : [];
      expect([name, policies]).toEqual([name, [`company * ${own} ${own}`, ...gate]]);
    }
  });

  test('begins every key, unique index and foreign key with the company', async () => {
    const first = `(select attname from pg_attribute where attrelid = $rel and attnum = $key)`;
    const at = (rel: string, key: string) => first.replace('$rel', rel).replace('$key', key);
    const wrong = await asked(
      `select i.indrelid::regclass::text as on, i.indexrelid::regclass::text as what
       from pg_index i join pg_class c on c.oid = i.indrelid
       where c.relnamespace = 'public'::regnamespace and c.relname <> all($1) and c.relkind in ('r', 'p')
         and ${at('i.indrelid', 'i.indkey[0]')} is distinct from 'company_id'
       union all
       select conrelid::regclass::text, conname from pg_constraint k
       where contype = 'f' and connamespace = 'public'::regnamespace and (
         ${at('conrelid', 'conkey[1]')} is distinct from 'company_id' or
         ${at('confrelid', 'confkey[1]')} is distinct from 'company_id')
       order by 1, 2`,
      [GLOBAL],
    );
    // The gate asks which companies know an address; the permission codes are global, and all that may be pointed at.
    expect(wrong).toEqual([
      { on: 'app_user', what: 'gate_email' },
      { on: 'role_permission', what: 'role_permission_permission_code_fkey' },
    ]);
    const nullable = await asked(
      `select attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = attrelid
       where c.relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attname = 'company_id' and not attnotnull`,
    );
    expect(nullable).toEqual([]);
  });

  test('grants exactly what is listed here, and partitions nothing', async () => {
    expect(await rightsOf('tilldock_app')).toEqual(APP);
    expect(await rightsOf('tilldock_gate')).toEqual(GATE);
    expect(await rightsOf('public')).toEqual({});
    const partitions = await asked(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relispartition and relkind = 'r'
         and relacl is not null and exists (select from aclexplode(relacl) where grantee <> relowner)`,
    );
    expect(partitions).toEqual([]);
  });

  test('keeps nothing outside of its own schema but the queue of jobs, of which the server has just what is listed', async () => {
    const schemas = await asked<{ name: string }>(
      `select nspname as name from pg_namespace where nspname !~ '^pg_(catalog|toast|temp)' and nspname <> 'information_schema'
       order by nspname`,
    );
    expect(schemas.map(({ name }) => name)).toEqual(['pgboss', 'public']);
    expect(await rightsOf('tilldock_app', 'pgboss')).toEqual(BOSS);
    expect(await rightsOf('tilldock_gate', 'pgboss')).toEqual({});
    expect(await rightsOf('public', 'pgboss')).toEqual({});
  });

  test("gives the server's roles no power beside the grants", async () => {
    const roles = await asked(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (select count(*)::integer from pg_shdepend where refobjid = r.oid and deptype = 'o') as owns
       from pg_roles r where rolname like 'tilldock_%' and rolname <> 'tilldock_owner' order by rolname`,
    );
    const powerless = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual(
      ['tilldock_app', 'tilldock_gate', 'tilldock_server'].map((rolname) => ({
        rolname,
        ...powerless,
        rolreplication: false,
        owns: 0,
      })),
    );
    const elevated = await asked(
      `select proname, proconfig[1] as path,
         array(select grantee::regrole::text from aclexplode(proacl) where grantee <> proowner) as callers
       from pg_proc where pronamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and prosecdef
       order by proname`,
    );
    // They do as the owner what they do whoever calls, and find nothing by a path that the caller set.
    const closed = { path: 'search_path=public, pg_temp', callers: ['tilldock_app'] };
    expect(elevated).toEqual([
      { proname: 'journal_outlook', ...closed },
      { proname: 'keep_journal_months', ...closed },
      { proname: 'safe_lsn', ...closed },
    ]);
  });
});

/** Table rights and column rights of a role, in the notation of the lists above. */
async function rightsOf(role: string, schema = 'public'): Promise<Record<string, string>> {
  const grantee = role === 'public' ? '0::oid' : `'${role}'::regrole`;
  const found = await asked<{ name: string; rights: string }>(
    `with granted as (
       select c.relname as name, privilege_type as privilege, null as column
       from pg_class c, aclexplode(relacl) where relnamespace = $1::regnamespace and grantee = ${grantee}
       union all
       select c.relname, privilege_type, attname
       from pg_class c join pg_attribute a on attrelid = c.oid, aclexplode(attacl)
       where relnamespace = $1::regnamespace and grantee = ${grantee}
     ), worded as (
       select name, case privilege when 'SELECT' then 'r' when 'INSERT' then 'a' when 'DELETE' then 'd'
           when 'UPDATE' then 'u' else privilege end
         || coalesce(':' || string_agg("column", ',' order by "column"), '') as word
       from granted group by name, privilege
     )
     select name, string_agg(word, ' ' order by array_position(array['r', 'a', 'd', 'u'], left(word, 1))) as rights
     from worded group by name order by name`,
    [schema],
  );
  return Object.fromEntries(found.map((row) => [row.name, row.rights]));
}

describe('without a company', () => {
  test('no table shows a row, on a fresh connection and on one that served a company', async () => {
    const client = new pg.Client({ connectionString: central.serverUrl });
    await client.connect();
    try {
      // Not known at all, then known and empty.
      for (const refusal of ['42704', '22P02']) {
        for (const table of await companyTables()) {
          await client.query('begin; set local role tilldock_app');
          const shown = await client.query(`select * from ${table}`).then(
            (result) => result.rows.length,
            (error: pg.DatabaseError) => error.code,
          );
          await client.query('rollback');
          expect([table, shown]).toEqual([table, refusal]);
        }
        await client.query(`begin; set local tilldock.company_id = '${ours.company.company_id}'; commit`);
      }
    } finally {
      await client.end();
    }
  });

  test('the gate tells whose a credential is, and nothing else', async () => {
    const attempt = async (sql: string) => {
      const client = await central.db.connect();
      try {
        await client.query('begin; set local role tilldock_gate');
        return await client.query(sql).then(
          (result) => result.rows.length,
          (error: pg.DatabaseError) => error.code,
        );
      } finally {
        await client.query('rollback');
        client.release();
      }
    };
    expect(await attempt('select company_id, terminal_id, public_key from terminal')).toBeGreaterThan(1);
    expect(await attempt('select last_hash from terminal')).toBe('42501');
    expect(await attempt('select name from location')).toBe('42501');
    expect(await attempt('select expires_at from enrolment')).toBe('42501');
    expect(await attempt("update terminal set name = 'mine'")).toBe('42501');
    for (const table of await companyTables()) {
      if (!(table in GATE)) expect([table, await attempt(`select from ${table}`)]).toEqual([table, '42501']);
    }
  });
});

describe('a company', () => {
  test('neither sees, nor changes, nor adds a row of another one, in any table', async () => {
    for (const table of await companyTables()) {
      const [row] = await queryAs<{ row: object }>(
        central,
        theirs.company.company_id,
        `select to_jsonb(t) as row from ${table} t limit 1`,
      );
      expect([table, row]).toEqual([table, expect.anything()]);
      const attempt = (sql: string, values: unknown[]) =>
        queryAs<Record<string, unknown>>(central, ours.company.company_id, sql, values).then(
          (found) => found.length,
          (error: pg.DatabaseError) => error.code,
        );
      const key = [theirs.company.company_id];
      expect([table, await attempt(`select from ${table} where company_id = $1`, key)]).toEqual([table, 0]);
      const column = /u:(\w+)/.exec(APP[table] ?? '')?.[1];
      if (column) {
        const change = `update ${table} set ${column} = ${column} where company_id = $1 returning company_id`;
        expect([table, await attempt(change, key)]).toEqual([table, 0]);
      }
      if (/ d/.test(APP[table] ?? '')) {
        const remove = `delete from ${table} where company_id = $1 returning company_id`;
        expect([table, await attempt(remove, key)]).toEqual([table, 0]);
      }
      const generated = /^(audit_entry|exception|exception_decision|product_identity)$/.test(table)
        ? 'overriding system value'
        : '';
      const add = `insert into ${table} ${generated} select * from jsonb_populate_record(null::${table}, $1)`;
      expect([table, await attempt(add, [row?.row])]).toEqual([table, '42501']);
    }
  });
});
