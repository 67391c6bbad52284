import type { Access } from '#shared/contract/access.ts';
import type { OfficeSession } from './session-store.ts';
import { type Me, useOffice } from './session-store.ts';

/** The session of whoever works in the office; only its own screens may ask. */
export const useOfficeSession = (): OfficeSession =>
  useOffice((office) => {
    if (office.at === 'inside' || office.at === 'interrupted') return office.session;
    throw new Error('this screen needs somebody in the office');
  });

/** Who works in the office. */
export const useMe = (): Me => useOfficeSession().me;

/** A route of the contract. */
type Route = { readonly '~orpc': { readonly meta: Access } };

/** Whether somebody may call a route. The screen merely hides what they may not; the server decides. */
export function may({ permissions }: Me, route: Route): boolean {
  const { needs } = route['~orpc'].meta;
  if (needs === 'signed in' || needs === 'nothing') return true;
  return needs !== 'terminal' && permissions.includes(needs);
}

/** The same for whoever is signed in. */
export const useMay = (route: Route): boolean => may(useMe(), route);
