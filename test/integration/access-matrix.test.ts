import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { clientIdSchema } from '#shared/ids.ts';
import { ROLE_CODES, ROLES, type Role, type RoleCode } from '#shared/people/role.ts';
import type { DataScope } from '#shared/people/user.ts';
import { type ContractOperation, contractOperations } from '../../server/ops/contract-operations.ts';
import { officeToken } from '../support/office-token.ts';
import { addColleague } from '../support/people.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
});
const roleOf = (code: RoleCode): Role => ROLES[code];

/** What somebody of a role sees, as narrow as the role allows. */
async function scopeOf(code: RoleCode): Promise<DataScope> {
  const kind = roleOf(code).scopes.at(-1) ?? 'company';
  if (kind === 'company') return { kind };
  if (kind === 'locations') return { kind, location_ids: [shop.company.location_id] };
  const client_id = clientIdSchema.parse(uuid());
  await shop.query(
    `insert into client (company_id, client_id, code, name, billing_address)
     select company_id, '${client_id}', 'COLD', 'Cold Goods Ltd', '' from company`,
  );
  return { kind, client_id };
}

/** Calls a route with an input that changes nothing: ids of nobody, and no body to speak of. */
async function call({ method, path }: ContractOperation, token?: string): Promise<number> {
  const response = await fetch(server.url + path.replaceAll(/\{\w+\}/g, uuid()), {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** What the server decided, as far as an answer tells: an input as empty as ours is refused only after that. */
const decisionOf = (status: number): 'who are you' | 'you may not' | 'let in' =>
  status === 401 ? 'who are you' : status === 403 ? 'you may not' : 'let in';

/** The decision on every route, as it should be and as it is. */
async function decisions(
  expected: (needs: ContractOperation['needs']) => ReturnType<typeof decisionOf>,
  tokenFor: () => Promise<string | undefined>,
) {
  const right: Record<string, string> = {};
  const found: Record<string, string> = {};
  for (const operation of contractOperations()) {
    const route = `${operation.method} ${operation.path}`;
    right[route] = expected(operation.needs);
    found[route] = decisionOf(await call(operation, await tokenFor()));
  }
  return { right, found };
}

describe.each(ROLE_CODES)('%s', (code) => {
  test('may call what the access matrix says, and is refused everything else', async () => {
    const scope = await scopeOf(code);
    const { user_id } = await addColleague(central, server.url, shop.company, { roles: [code], scope });
    const { right, found } = await decisions(
      (needs) => {
        if (needs === 'terminal') return 'who are you';
        if (needs === 'nothing' || needs === 'signed in') return 'let in';
        return roleOf(code).permissions.includes(needs) ? 'let in' : 'you may not';
      },
      // A session for each: some routes end the one that asks.
      () => officeToken(central, shop.company.company_id, user_id),
    );
    expect(found).toEqual(right);
  });
});

test('whoever has no token may call what is open to anyone, and nothing else', async () => {
  const { right, found } = await decisions(
    (needs) => (needs === 'nothing' ? 'let in' : 'who are you'),
    async () => undefined,
  );
  expect(found).toEqual(right);
});

test("a terminal's token opens the routes of terminals, and nothing of the office's", async () => {
  const { right, found } = await decisions(
    (needs) => (needs === 'nothing' || needs === 'terminal' ? 'let in' : 'who are you'),
    shop.terminal.token,
  );
  expect(found).toEqual(right);
});
