import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../../../server/db.ts';
import { type TestCentral, testCentral } from '../../support/central.ts';
import { type FaultLine, faultLine } from '../../support/fault-line.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { testShop } from '../../support/shop.ts';

let central: TestCentral;
let line: FaultLine;
let server: TestServer;
let end: () => Promise<void>;

beforeAll(async () => {
  central = await testCentral();
  const url = new URL(central.serverUrl);
  line = await faultLine(Number(url.port));
  url.port = String(line.port);
  const db = openPool(url.href, 3);
  server = await testServer(db);
  end = async () => {
    await server.close();
    await db.end();
  };
});
afterAll(async () => {
  await end?.();
  await line?.close();
  await central?.close();
});

test('a line to the database that swallows everything is given up, and others take its place', {
  timeout: 180_000,
}, async () => {
  const shop = await testShop(central, server);
  const { terminal, day } = shop;
  const operations = [
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', day.ticket()),
  ];
  const token = await terminal.token();
  line.meddle = () => null;
  // More than there are connections: all of them are stuck.
  const asked = Array.from({ length: 6 }, async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${server.url}/api/v1/sync/state`, { headers })).status;
  });
  expect(await Promise.all(asked)).toEqual(Array(6).fill(503));
  line.meddle = null;
  expect(await terminal.deliver(operations)).toMatchObject({ acked_seq: 2 });
  expect(await shop.tickets()).toBe(1);
});
