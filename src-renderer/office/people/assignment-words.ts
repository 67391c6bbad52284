import type { FieldWords } from '../stale-notice.tsx';
import type { AssignmentDraft } from './assignment-fields.tsx';
import { roleName } from './role-words.ts';
import { staffText } from './text.ts';

/** What the fields of every person are called. */
export const assignmentWords: FieldWords<AssignmentDraft> = {
  name: staffText.name,
  roles: [staffText.roles, (roles) => roles.map(roleName).join(', ')],
  scope: [
    staffText.scope,
    ({ kind, location_ids }) =>
      kind === 'locations' ? staffText.placesCount(location_ids.length) : staffText.scopes[kind],
  ],
};
