import { ADMIN, governanceBreach } from '#shared/people/role.ts';
import { Checkboxes } from '../../part/checkbox.tsx';
import { Field } from '../../part/field.tsx';
import { Notice } from '../../part/notice.tsx';
import type { Form } from '../../part/use-form.ts';
import { useReference } from '../references.ts';
import { inRoleOrder, roleName } from './role-words.ts';
import { allowedScopes, type ScopeDraft } from './scope.ts';
import { ScopeField } from './scope-field.tsx';
import { staffText } from './text.ts';

/** What is decided about every person: the name, the roles, and how far they see. */
export type AssignmentDraft = {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scope: ScopeDraft;
};

/** A role that no person has: a program works under it. */
const forPrograms = 'SYSTEM_BOT';

/** The fields of name, roles and scope, with what does not go together said at once. */
export function AssignmentFields<Draft extends AssignmentDraft>({
  form,
  autoFocus = false,
}: {
  form: Form<Draft>;
  autoFocus?: boolean;
}) {
  const { draft, fault, isLocked } = form;
  const known = useReference('roles');
  const change = (part: Partial<AssignmentDraft>) => form.change(part as Partial<Draft>);
  const allowed = allowedScopes(draft.roles, known);
  const held = known
    .filter(({ code }) => draft.roles.includes(code))
    .flatMap(({ permissions }) => permissions);
  const hasBreach = !draft.roles.includes(ADMIN) && governanceBreach(held) !== null;
  const chooseRoles = (roles: string[]) => {
    const [first, ...others] = allowedScopes(roles, known);
    const fits = first === undefined || [first, ...others].includes(draft.scope.kind);
    change({ roles, scope: fits ? draft.scope : { ...draft.scope, kind: first } });
  };
  return (
    <>
      <Field
        label={staffText.name}
        value={draft.name}
        onChange={(name) => change({ name })}
        error={fault('name')}
        isDisabled={isLocked}
        autoFocus={autoFocus}
      />
      <Checkboxes
        label={staffText.roles}
        hint={staffText.rolesHint}
        error={fault('roles')}
        choices={inRoleOrder(known)
          .filter(({ code }) => code !== forPrograms || draft.roles.includes(code))
          .map(({ code }) => [code, roleName(code)])}
        chosen={draft.roles}
        isDisabled={isLocked}
        onChoose={chooseRoles}
      />
      {hasBreach && (
        <Notice
          tone="warn"
          title={staffText.breach(draft.roles.map(roleName).join(', '))}
          detail={staffText.breachDetail}
        />
      )}
      <ScopeField
        scope={draft.scope}
        allowed={allowed}
        fault={fault}
        isLocked={isLocked}
        onChange={(scope) => change({ scope })}
      />
    </>
  );
}
