import type { Permission } from './permission.ts';

/**
 * How long a till may work by what it was told last, in days without a pull. It sells for ever: nobody is locked out
 * by a broken line. From `warn` on its screens say that prices and people may have changed; from `consent` on
 * whatever goes beyond everyday selling wants a PIN on the spot, even of somebody who may, so that it bears a name
 * that somebody vouched for.
 */
export const OFFLINE_DAYS = { warn: 7, consent: 30 } as const;

const DAY_MS = 86_400_000;

/** Whole days since the last pull, by the till's own clock; 0 where there was none, or the clock was set back. */
export const daysSilent = (pulled_at: string | null, now: number): number =>
  pulled_at === null ? 0 : Math.max(0, Math.floor((now - Date.parse(pulled_at)) / DAY_MS));

/** What selling takes, day by day. */
const EVERYDAY: ReadonlySet<Permission> = new Set<Permission>([
  'catalogue.view',
  'sale.ring',
  'sale.discount',
  'day.operate',
  'cash.move',
]);

/** Whether a permission serves without a PIN however long ago it was pulled. */
export const isEveryday = (permission: Permission): boolean => EVERYDAY.has(permission);

/** Whether a permission that was pulled so many days ago still serves without a PIN on the spot. */
export const servesAlone = (permission: Permission, silent: number): boolean =>
  silent < OFFLINE_DAYS.consent || isEveryday(permission);
