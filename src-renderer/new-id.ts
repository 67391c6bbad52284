import { v7 } from 'uuid';
import type { DayId, DecisionId, LineId, TicketId } from '#shared/ids.ts';
import { dayIdSchema, decisionIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';

/** Ids are minted on the screen, so that a call whose answer was lost can be made again as the same call. */
export const newTicketId = (): TicketId => ticketIdSchema.parse(v7());
export const newLineId = (): LineId => lineIdSchema.parse(v7());
export const newDayId = (): DayId => dayIdSchema.parse(v7());
export const newDecisionId = (): DecisionId => decisionIdSchema.parse(v7());
