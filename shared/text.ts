import { z } from 'zod';

/** NUL cannot be stored by PostgreSQL, and a lone surrogate is not a character at all. */
const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed();

/** A line of human text: stored and shown as given, never cut, up to `max` UTF-16 units. */
export const textSchema = (max: number) =>
  z.string().max(max).refine(isStorable, { error: 'contains characters that cannot be stored' });

/** Human text that must say something. */
export const nameSchema = (max: number) =>
  textSchema(max).refine((text) => text.trim().length > 0, { error: 'must not be empty' });

/**
 * A short natural key chosen by people: of a department, a category, a tax class, a payment type, a location.
 * Unique within its company; compared as written.
 */
export const codeSchema = nameSchema(150).refine((code) => code.trim() === code, {
  error: 'must not begin or end with a space',
});

/** A code for something new: one that can stand in an address, where `.` and `..` mean another place. */
export const newCodeSchema = codeSchema.refine((code) => !/^\.\.?$/.test(code), {
  error: 'must not be a dot or two',
});
