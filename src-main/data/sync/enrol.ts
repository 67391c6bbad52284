import type { z } from 'zod';
import { central, type EnrolReply, type enrolRequestSchema } from '#shared/contract/central.ts';
import { nowOf } from '../clock.ts';
import { insertTerminal, nameOf, terminalOf } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { commit, type Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { deviceKey, publicKeyOf } from './device-key.ts';
import { SHORT_DEADLINE_MS } from './link.ts';
import { tellSalvaged } from './salvaged.ts';
import { setNotice } from './standstill.ts';
import { saveSyncPosition, syncPosition } from './sync-state.ts';
import { keepSeries } from './told-series.ts';

export type Enrolment = { server_url: string; code: string; name: string };

/**
 * Makes this device a terminal of the server's company. The key is on the disk first, so a call whose answer was
 * lost can be repeated and the server answers the same.
 * @throws REFUSED `already_enrolled`, `server_unreachable`, `enrolment_failed`
 */
export async function enrol(
  till: Till,
  folder: string,
  asked: Enrolment,
  signal: AbortSignal,
): Promise<void> {
  if (isRepeated(till, asked)) return;
  const { server_url, code, name } = asked;
  const request = {
    code,
    name,
    public_key: publicKeyOf(deviceKey(folder, syncPosition(till.ledger).key_file)),
  };
  const reply = await askToEnrol(server_url, request, signal);
  commit(till, () => {
    if (isRepeated(till, asked)) return;
    insertTerminal(till.ledger, { ...reply, server_url, name }, nowOf(till.clock));
    keepSeries(till.ledger, reply.series);
    saveSyncPosition(till.ledger, { nonce: reply.nonce });
    const operations = tellSalvaged(till, reply);
    if (operations > 0) setNotice(till.ledger, { code: 'enrolled_again', at: nowOf(till.clock), operations });
  });
}

/** Asks the server to enrol this device. @throws REFUSED `server_unreachable`, `enrolment_failed` */
export const askToEnrol = (
  server_url: string,
  request: z.input<typeof enrolRequestSchema>,
  signal: AbortSignal,
): Promise<EnrolReply> =>
  callCentral(central.terminals.enrol, {
    server_url,
    body: JSON.stringify(request),
    deadline_ms: SHORT_DEADLINE_MS,
    signal,
  }).catch((error: unknown) => {
    throw error instanceof ServerFault ? refusalOf(error) : error;
  });

function isRepeated(till: Till, asked: Enrolment): boolean {
  const known = terminalOf(till);
  if (!known) return false;
  const name = nameOf(till, known);
  if (known.server_url === asked.server_url && name === asked.name) return true;
  throw refused('already_enrolled', `This till is already enrolled as ${name} at ${known.server_url}.`);
}

const refusalOf = (fault: ServerFault) =>
  fault.kind === 'refused'
    ? refused('enrolment_failed', fault.message, 'code')
    : refused('server_unreachable', fault.message, 'server_url');
