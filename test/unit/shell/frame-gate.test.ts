import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFrameGate, screenLimits } from '../../../src-main/frame-gate.ts';

const call = (u: string, b?: unknown) => JSON.stringify({ i: '1', p: { u, h: { 'x-session': 'abc' }, b } });

/** A gate with a clock that the test moves, in ms. */
const gateAt = () => {
  let time = 0;
  const gate = openFrameGate(screenLimits, () => time);
  return {
    gate,
    pass: (ms: number) => {
      time += ms;
    },
  };
};

describe('the gate before the data process', () => {
  test('lets calls of the contract and the end of a call through', () => {
    const { gate } = gateAt();
    expect(gate(call('/sales/addLine', { json: { quantity_milli: 1000 } }))).toBeNull();
    expect(gate(call('/terminal/state'))).toBeNull();
    expect(gate('{"i":"7","t":4}')).toBeNull();
  });

  test.each([
    ['bytes', new Uint8Array([123, 125])],
    ['an object', { i: '1' }],
    ['nothing', undefined],
    ['a number', 7],
  ])('refuses %s: frames are text', (_what, frame) => {
    expect(gateAt().gate(frame)).toBe('wrong type');
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a call without an address', '{"i":"1","p":{}}'],
    ['an address elsewhere', call('http://evil.example/')],
    ['an address with a query', call('/sales/ticket?x=1')],
    ['a file', '{"i":"1","p":{"u":"/a","h":{"content-disposition":"filename=x"}}}'],
    ['a stream', '{"i":"1","t":3,"p":{"e":"message"}}'],
    ['a call without an id', '{"p":{"u":"/terminal/state"}}'],
    ['another method', '{"i":"1","p":{"u":"/terminal/state","m":"GET"}}'],
  ])('refuses %s, which the contract has no use for', (_what, frame) => {
    expect(gateAt().gate(frame)).toBe('malformed');
  });

  test('whatever text comes, it is judged and never thrown at the data process', () => {
    const { gate, pass } = gateAt();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        pass(60_000);
        expect(['malformed', null]).toContain(gate(text));
      }),
    );
  });

  test('a burst passes, a flood does not, and a pause makes room again', () => {
    const { gate, pass } = gateAt();
    for (let sent = 0; sent < screenLimits.frames_at_once; sent += 1)
      expect(gate(call('/sync/status'))).toBeNull();
    expect(gate(call('/sync/status'))).toBe('too many frames');
    pass(1_000);
    for (let sent = 0; sent < screenLimits.frames_per_second; sent += 1)
      expect(gate(call('/sync/status'))).toBeNull();
    expect(gate(call('/sync/status'))).toBe('too many frames');
  });

  test('counts bytes as they travel, not letters', () => {
    const { gate } = gateAt();
    const letters = 'é'.repeat(600_000);
    expect(letters.length).toBeLessThan(screenLimits.largest_bytes);
    expect(gate(call('/catalogue/search', { json: letters }))).toBe('too large');
    const large = call('/catalogue/search', { json: 'x'.repeat(1_000_000) });
    const refusals = Array.from({ length: 10 }, () => gate(large));
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(8);
    expect(refusals.at(-1)).toBe('too many bytes');
  });
});
