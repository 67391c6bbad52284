import { type ScopeKind, scopeKindSchema } from '#shared/people/role.ts';
import type { DataScope } from '#shared/people/user.ts';
import type { Answers } from '../../api.ts';
import { useReference } from '../references.ts';
import { staffText } from './text.ts';

/** How far somebody sees, as it is being entered: what was chosen for the other kinds is kept. */
export type ScopeDraft = {
  readonly kind: ScopeKind;
  readonly location_ids: readonly string[];
  readonly client_id: string;
};

/** The whole company, with nothing chosen for the other kinds. */
export const wholeCompany: ScopeDraft = { kind: 'company', location_ids: [], client_id: '' };

/** A scope, to be entered anew. */
export function scopeDraftOf(scope: DataScope): ScopeDraft {
  return {
    kind: scope.kind,
    location_ids: scope.kind === 'locations' ? scope.location_ids : [],
    client_id: scope.kind === 'client' ? scope.client_id : '',
  };
}

/** What was entered, in the form in which it is checked and sent. */
export function enteredScope({ kind, location_ids, client_id }: ScopeDraft): object {
  if (kind === 'company') return { kind };
  return kind === 'locations' ? { kind, location_ids } : { kind, client_id };
}

type KnownRole = Answers['office']['roles']['list']['items'][number];

/** The kinds of scope that all of these roles allow. */
export function allowedScopes(roles: readonly string[], known: readonly KnownRole[]): ScopeKind[] {
  const given = known.filter(({ code }) => roles.includes(code));
  return scopeKindSchema.options.filter((kind) => given.every(({ scopes }) => scopes.includes(kind)));
}

/** How far somebody sees, in words. */
export function useScopeText(): (scope: DataScope) => string {
  const locations = useReference('locations');
  const clients = useReference('clients');
  return (scope) => {
    switch (scope.kind) {
      case 'company':
        return staffText.scopes.company;
      case 'client':
        return (
          clients.find(({ client_id }) => client_id === scope.client_id)?.name ?? staffText.scopes.client
        );
      case 'locations': {
        const names = scope.location_ids.flatMap(
          (id) => locations.find(({ location_id }) => location_id === id)?.name ?? [],
        );
        return names.length === scope.location_ids.length && names.length <= 2
          ? names.join(', ')
          : staffText.placesCount(scope.location_ids.length);
      }
    }
  };
}
