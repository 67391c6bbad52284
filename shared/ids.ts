import { z } from 'zod';

/**
 * Every id is a UUIDv7 minted where the fact happens, written in lower case. The brand keeps a ticket id out
 * of a parameter that wants a day id; ids are never used as cursors, because clocks differ.
 */
const id = <const Name extends string>() =>
  z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
      error: 'must be a UUID in lower case',
    })
    .brand<Name>();

export const companyIdSchema = id<'CompanyId'>();
export const locationIdSchema = id<'LocationId'>();
export const terminalIdSchema = id<'TerminalId'>();
export const userIdSchema = id<'UserId'>();
export const variantIdSchema = id<'VariantId'>();
export const dayIdSchema = id<'DayId'>();
export const ticketIdSchema = id<'TicketId'>();
export const lineIdSchema = id<'LineId'>();
export const opIdSchema = id<'OpId'>();
export const bootIdSchema = id<'BootId'>();
export const adjustmentIdSchema = id<'AdjustmentId'>();
export const clientIdSchema = id<'ClientId'>();
export const invitationIdSchema = id<'InvitationId'>();
export const passwordResetIdSchema = id<'PasswordResetId'>();
export const decisionIdSchema = id<'DecisionId'>();
export const officeSessionIdSchema = id<'OfficeSessionId'>();

export type CompanyId = z.infer<typeof companyIdSchema>;
export type LocationId = z.infer<typeof locationIdSchema>;
export type TerminalId = z.infer<typeof terminalIdSchema>;
export type UserId = z.infer<typeof userIdSchema>;
export type VariantId = z.infer<typeof variantIdSchema>;
export type DayId = z.infer<typeof dayIdSchema>;
export type TicketId = z.infer<typeof ticketIdSchema>;
export type LineId = z.infer<typeof lineIdSchema>;
export type AdjustmentId = z.infer<typeof adjustmentIdSchema>;
export type InvitationId = z.infer<typeof invitationIdSchema>;
export type PasswordResetId = z.infer<typeof passwordResetIdSchema>;
export type OpId = z.infer<typeof opIdSchema>;
export type DecisionId = z.infer<typeof decisionIdSchema>;
export type OfficeSessionId = z.infer<typeof officeSessionIdSchema>;
