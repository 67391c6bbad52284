import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { ExceptionView } from '#shared/contract/office/exceptions.ts';
import { decisionIdSchema, opIdSchema } from '#shared/ids.ts';
import { addLocation, decideOn, deskOfShop, onDesk } from '../support/desk.ts';
import { officeOf } from '../support/office.ts';
import { person } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();

describe('a decision of a terminal', () => {
  test('arrives with its name, settles, and is the office’s to see', async () => {
    const { shop, terminal, office, wrong, accepted, told } = await deskOfShop(central, server);
    const sold = wrong();
    await terminal.deliver([sold]);
    const reply = await terminal.deliver([accepted(sold, 'ticket_sums_differ')]);
    expect(reply.verdicts).toEqual([{ seq: 3, verdict: 'applied' }]);
    expect(await told()).toEqual([{ seq: 2, verdict: 'applied' }]);
    const [settled] = await onDesk(office);
    expect(settled).toMatchObject({
      state: 'settled',
      decision: {
        ...{ action: 'accepted', note: 'Seen at the till.', terminal: { code: 'T1' } },
        user: { user_id: shop.user, name: 'Maya Lindqvist' },
      },
    });
    const refused = await decideOn(
      office,
      { ...settled, ...{ exception_id: settled?.exception_id ?? 0, version: 2 } },
      'accept',
    );
    expect([refused.status, refused.body.code]).toEqual([409, 'exception_settled']);
  });

  test('may come in the same push as what it is about', async () => {
    const { terminal, wrong, accepted, codes } = await deskOfShop(central, server);
    const sold = wrong();
    await terminal.deliver([sold, accepted(sold, 'ticket_sums_differ')]);
    expect(await codes('state=settled')).toEqual(['ticket_sums_differ']);
    expect(await codes('state=open')).toEqual([]);
  });

  test('that the office has made already stands beside the office’s', async () => {
    const { terminal, office, wrong, accepted, only } = await deskOfShop(central, server);
    const sold = wrong();
    await terminal.deliver([sold]);
    const seen = await only();
    await decideOn(office, seen, 'accept');
    const reply = await terminal.deliver([
      accepted(sold, 'ticket_sums_differ'),
      accepted(sold, 'ticket_sums_differ'),
    ]);
    expect(reply.verdicts.map(({ verdict }) => verdict)).toEqual(['applied', 'applied']);
    const view = (await office.get(`/api/v1/exceptions/${seen.exception_id}`)).body as ExceptionView;
    expect(view.decisions.map(({ terminal: at }) => at?.code ?? 'office')).toEqual(['office', 'T1', 'T1']);
  });

  test('about something unknown is kept and flagged, and so is one that names a correction that never came', async () => {
    const { shop, terminal, wrong, right, accepted, codes } = await deskOfShop(central, server);
    const [sold, good] = [wrong(), right()];
    await terminal.deliver([sold, good]);
    await terminal.deliver([
      accepted(good, 'ticket_sums_differ'),
      terminal.record('exception.corrected', {
        decision_id: decisionIdSchema.parse(uuid()),
        op_id: sold.op_id,
        code: 'ticket_sums_differ',
        note: 'Refunded.',
        by_op_id: opIdSchema.parse(uuid()),
      }),
    ]);
    expect(await codes('state=open')).toEqual(['unknown_exception', 'unknown_correction']);
    expect(await codes('state=settled')).toEqual(['ticket_sums_differ']);
    expect(await shop.query('select action, exception_id is null as lost from exception_decision')).toEqual([
      { action: 'accepted', lost: true },
      { action: 'corrected', lost: false },
    ]);
  });

  test('by somebody who may not is taken, and flagged itself', async () => {
    const { shop, terminal, wrong, accepted, codes } = await deskOfShop(central, server);
    const sold = wrong();
    await terminal.deliver([
      sold,
      accepted(sold, 'ticket_sums_differ', { user_id: person(shop.company, 'CASHIER') }),
    ]);
    expect(await codes('state=open')).toEqual(['not_permitted']);
  });

  test('reaches no further than its own location: what another one did is not its to settle', async () => {
    const here = await deskOfShop(central, server);
    const sold = here.wrong();
    await here.terminal.deliver([sold]);
    const admin = await officeOf(server.url, here.shop.company);
    const location_id = await addLocation(admin, here.shop.company.location_id, 'SHOP2');
    const next = await here.shop.addTerminal();
    const far = await here.shop.addTerminal();
    const moved = await admin.send(
      'PATCH',
      `/api/v1/terminals/${far.enrolment.terminal_id}`,
      { location_id },
      { 'if-match': '"1"' },
    );
    expect(moved.status).toBe(200);
    const decide = (terminal: typeof far) =>
      terminal.deliver([
        terminal.record('exception.accepted', {
          decision_id: decisionIdSchema.parse(uuid()),
          ...{ op_id: sold.op_id, code: 'ticket_sums_differ', note: 'From afar.' },
        }),
      ]);
    await decide(far);
    expect(await here.codes('state=open')).toEqual(['ticket_sums_differ', 'unknown_exception']);
    await decide(next);
    expect(await here.codes('state=open')).toEqual(['unknown_exception']);
  });
});
