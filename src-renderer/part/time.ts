import { locale } from './money.ts';
import { partText } from './text.ts';

/** A business date for people: `21 Nov 2026`. */
export const displayDate = (date: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** An instant as the clock on the wall of the shop showed it: `10:42`. */
export const displayTime = (instant: string, zone: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: zone }).format(new Date(instant));

/** An instant with its date, in the shop's zone: `21 Nov 2026, 10:42`. */
export const displayInstant = (instant: string, zone: string, language = locale): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    new Date(instant),
  );

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
