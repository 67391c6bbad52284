import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { EnrolReply } from '#shared/contract/central.ts';
import { terminalIdSchema } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import { inCompany, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany } from '../../server/people/seed.ts';
import { newNonce, writeNonce } from '../../server/sync/nonce.ts';
import { addItems } from '../support/catalogue.ts';
import { type Follower, follow } from '../support/follower.ts';
import { type Shift, shift } from '../support/tickets.ts';
import { enrolledTerminal, type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';
import type { Centre } from './centre.ts';

/** A terminal that is at work: a day is open, and it knows its catalogue. */
export type Working = {
  readonly terminal: WireTerminal;
  readonly day: Shift;
  readonly follower: Follower;
};

export type Crowd = {
  readonly company: SeededCompany;
  readonly variants: readonly string[];
  /** Brings so many more terminals to work. */
  readonly add: (count: number) => Promise<Working[]>;
};

const ITEMS = 200;
/** So many sign in at the same time. */
const AT_ONCE = 20;

/** A company that can have so many terminals, each with a person of its own, as each person has one open day. */
export async function openCrowd({ db, server }: Centre, most: number): Promise<Crowd> {
  const cashiers = Array.from({ length: most }, (_, no) => ({
    name: `Cashier ${no}`,
    role: 'CASHIER' as const,
  }));
  const company = await createCompany(db, { ...DEMO_SHOP, people: cashiers });
  const goods = Array.from({ length: ITEMS }, (_, no) => ({
    sku: `ITEM-${no}`,
    name: `Item ${no}`,
    price: 255,
  }));
  const variants = [...(await addItems(db, company.company_id, goods)).values()];
  const code = await inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));
  const [first] = company.people;
  if (!first) throw new Error('no cashier');
  // One enrols as all do, so that the others know what they would have been answered.
  const { enrolment } = await wireTerminal(server.url, code, first.user_id);
  let used = 0;
  return {
    company,
    variants,
    add: async (count) => {
      const people = company.people.slice(used, used + count);
      used += count;
      const devices = await enrolMany({ db }, company, enrolment, people.length, used);
      const working: Working[] = [];
      for (let from = 0; from < people.length; from += AT_ONCE) {
        const some = people.slice(from, from + AT_ONCE).map(async ({ user_id }, place) => {
          const device = devices[from + place];
          if (!device) throw new Error('too few devices');
          const terminal = await enrolledTerminal(server.url, user_id, device);
          const day = shift(terminal.enrolment, user_id);
          await terminal.deliver([terminal.record('day.opened', day.opened)]);
          const follower = follow(terminal);
          await follower.drain();
          return { terminal, day, follower };
        });
        working.push(...(await Promise.all(some)));
      }
      return working;
    },
  };
}

/** Rows of terminals, as their enrolment would have made them: by the API that may be done a hundred times a minute. */
async function enrolMany(
  { db }: Pick<Centre, 'db'>,
  { company_id, location_id }: SeededCompany,
  { location }: EnrolReply,
  count: number,
  place: number,
): Promise<{ enrolment: EnrolReply; key: KeyObject }[]> {
  const devices = Array.from({ length: count }, (_, no) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    return {
      id: terminalIdSchema.parse(uuid()),
      code: `B${place + no}`,
      raw,
      nonce: newNonce(),
      key: privateKey,
    };
  });
  await inCompany(db, company_id, (tx) =>
    rows(
      tx,
      `insert into terminal (company_id, terminal_id, location_id, code, name, public_key, last_hash, nonce)
       select $1, id, $2, code, code, public_key, $3, nonce
       from unnest($4::uuid[], $5::text[], $6::bytea[], $7::bytea[]) as made (id, code, public_key, nonce)`,
      [
        ...[company_id, location_id, GENESIS, devices.map(({ id }) => id), devices.map(({ code }) => code)],
        ...[devices.map(({ raw }) => raw), devices.map(({ nonce }) => nonce)],
      ],
    ),
  );
  return devices.map(({ id, code, nonce, key }) => ({
    key,
    enrolment: {
      terminal_id: id,
      terminal_code: code,
      epoch: 1,
      after_seq: 0,
      nonce: writeNonce({ nonce_number: 1, nonce, nonce_before: null }),
      series: [],
      location,
    },
  }));
}
