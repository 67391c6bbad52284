import { expect, test } from 'vitest';
import { protocolFaults, protocolNow } from '../../../server/ops/protocol.ts';
import { protocolNoted } from '../../../server/ops/protocol-command.ts';

test('what travels is as docs/protocol.json notes it; a change needs a new version', async () => {
  expect(protocolFaults(await protocolNoted(), protocolNow())).toEqual([]);
});

test('every call, row and kind of operation has its place in it', () => {
  const names = Object.keys(protocolNow());
  for (const name of [
    'operation ticket.completed 1',
    'row item 2',
    'asked push 1',
    'answered push 1',
    'asked enrol 1',
    'operation around every body 1',
    'signed of a snapshot 1',
  ]) {
    expect(names).toContain(name);
  }
});

test('a schema that was shipped and then changed is named, with what to do', () => {
  const now = protocolNow();
  const changed = (name: string) => protocolFaults({ ...now, [name]: 'another hash' }, now);
  expect(changed('operation ticket.completed 1')).toEqual([
    expect.stringMatching(
      /^The schema of "operation ticket\.completed 1" changed: leave it, and add version 2 with an upcaster .*If that, or nothing yet, was shipped: npm run protocol -- --rewrite 'operation ticket\.completed 1'$/,
    ),
  ]);
  expect(changed('row item 2')).toEqual([
    expect.stringContaining('raise FEED_SCHEMA in shared/sync/feed.ts to 3'),
  ]);
  expect(changed('asked push 1')).toEqual([
    expect.stringContaining('raise PROTOCOL in shared/sync/push.ts to 2'),
  ]);
});

test('a version of an operation that is dropped is missed; calls of an earlier protocol are not', () => {
  const now = protocolNow();
  const noted = { ...now, 'operation moon.landed 1': 'x', 'asked push 0': 'x' };
  expect(protocolFaults(noted, now)).toEqual([expect.stringContaining('"operation moon.landed 1" is gone')]);
});

test('what is new is noted by one command', () => {
  const now = protocolNow();
  const { 'row item 2': _, ...before } = now;
  expect(protocolFaults(before, now)).toEqual([
    '"row item 2" is not noted yet: note it by npm run protocol.',
  ]);
});
