import { locale } from './money.ts';
import { partText } from './text.ts';

/** A business date for people: `21 Nov 2026`. */
export const displayDate = (date: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** The zone of this machine, for what belongs to no shop. */
export const machineZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** An instant as the clock on the wall of the shop showed it: `10:42`. */
export const displayTime = (instant: string, zone: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: zone }).format(new Date(instant));

/** An instant with its date, in the shop's zone: `21 Nov 2026, 10:42`. */
export const displayInstant = (instant: string, zone: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(instant),
  );

/** How long until an instant, in the largest unit that fits: `in 3 days`. What has passed counts as now. */
export function displayUntil(instant: string, now: number, language = locale): string {
  const left = Math.max(0, Date.parse(instant) - now);
  const [unit, length] = steps.find(([, size]) => left >= size) ?? ['minute', 60_000];
  return new Intl.RelativeTimeFormat(language).format(Math.floor(left / length), unit);
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago an instant was, in the largest unit that fits: `3 minutes ago`; `never` for none. */
export function displayAgo(instant: string | null, now: number, language = locale): string {
  if (instant === null) return partText.never;
  const passed = now - Date.parse(instant);
  for (const [unit, length] of steps) {
    if (passed >= length) {
      return new Intl.RelativeTimeFormat(language).format(-Math.floor(passed / length), unit);
    }
  }
  return partText.justNow;
}
