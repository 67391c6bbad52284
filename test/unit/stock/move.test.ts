import { expect, test } from 'vitest';
import { movesOfAdjustment, movesOfTicket } from '#shared/stock/move.ts';
import { stockAdjustedSchema } from '#shared/stock/operations.ts';
import { someTicket } from '../sales/some-ticket.ts';

test('what is sold leaves the stock, what comes back returns to it, and nothing moves nothing', () => {
  const ticket = someTicket({
    lines: [{ quantity_milli: 3000 }, { quantity_milli: -1500 }, { quantity_milli: 0 }],
  });
  expect(movesOfTicket(ticket.lines).map((move) => [move.kind, move.quantity_milli])).toEqual([
    ['sell', -3000],
    ['return', 1500],
  ]);
});

test('each move bears the id of its line, so that the same ticket moves stock once', () => {
  const ticket = someTicket({ lines: [{}, {}] });
  expect(movesOfTicket(ticket.lines).map((move) => move.move_id)).toEqual(
    ticket.lines.map((line) => line.line_id),
  );
});

test('an adjustment moves what it says, with its sign', () => {
  const id = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b';
  const adjusted = stockAdjustedSchema.parse({
    adjustment_id: id,
    reason: 'damages',
    lines: [{ line_id: id, variant_id: id, sku: 'SKU1', quantity_milli: -43_000 }],
  });
  expect(movesOfAdjustment(adjusted)).toEqual([
    { move_id: id, kind: 'adjust', variant_id: id, quantity_milli: -43_000 },
  ]);
});
