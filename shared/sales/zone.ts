import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** Zones asked for before: every operation names one, and asking the runtime takes 20 µs. */
const asked = new Map<string, boolean>();

function isZone(zone: string): boolean {
  const before = asked.get(zone);
  if (before !== undefined) return before;
  const known = /^[A-Za-z]/.test(zone) && canBeUsed(zone);
  if (asked.size < 1000) asked.set(zone, known);
  return known;
}

function canBeUsed(zone: string): boolean {
  try {
    new Temporal.ZonedDateTime(0n, zone);
    return true;
  } catch {
    return false;
  }
}

/** An IANA time zone that this runtime knows. An unknown zone is an error, never UTC. */
export const zoneSchema = z.string().max(64).refine(isZone, { error: 'is not a known IANA time zone' });

/** An instant as ISO 8601 in UTC with milliseconds: `2026-03-01T09:30:00.000Z`. */
export const instantSchema = z.iso.datetime({
  precision: 3,
  error: 'must be an instant such as 2026-03-01T09:30:00.000Z',
});

/** A calendar date: `2026-03-01`. */
export const dateSchema = z.iso.date();

/**
 * The business date of an instant: the calendar date in the location's zone, where the hours before the
 * day-change hour still belong to the day before (a bar that closes at 3).
 */
export function businessDate(instant: string, zone: string, dayChangeHour: number): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  const date = local.toPlainDate();
  return (local.hour < dayChangeHour ? date.subtract({ days: 1 }) : date).toString();
}

/** Local date and time for people: `2026-03-01 09:30`. */
export function localTime(instant: string, zone: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return local.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
