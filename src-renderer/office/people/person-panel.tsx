import { useState } from 'react';
import { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { officeContract } from '#shared/contract/office.ts';
import { newPinSchema, type User, userFieldsSchema } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Facts } from '../../part/facts.tsx';
import type { Problem } from '../../part/problem.ts';
import { sameAs } from '../../part/same-as.ts';
import { SecretField } from '../../part/secret-field.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import { useForm } from '../../part/use-form.ts';
import { FormPanel } from '../form-panel.tsx';
import { useMay } from '../me.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import { type AssignmentDraft, AssignmentFields } from './assignment-fields.tsx';
import { assignmentWords } from './assignment-words.ts';
import { PersonActions } from './person-actions.tsx';
import { enteredScope, scopeDraftOf } from './scope.ts';
import { StatusBadge } from './status-badge.tsx';
import { staffText } from './text.ts';

const changeSchema = userFieldsSchema.extend({
  pin: z.union([z.literal('').transform(() => undefined), newPinSchema]),
});

type Draft = AssignmentDraft & { pin: string };

const draftOf = ({ name, roles, scope }: User): Draft => ({
  name,
  roles,
  scope: scopeDraftOf(scope),
  pin: '',
});

/** One person: what they may do, and whether and how they come in. */
export function PersonPanel({
  person: given,
  onChanged,
  onClose,
}: {
  person: User;
  onChanged: () => void;
  onClose: () => void;
}) {
  const [person, setPerson] = useState(given);
  const [problem, setProblem] = useState<Problem | null>(null);
  const mayManage = useMay(officeContract.users.change);
  const form = useForm({
    start: draftOf(person),
    isLocked: !mayManage,
    check: (draft) => check(changeSchema, { ...draft, scope: enteredScope(draft.scope) }),
    save: async ({ name, roles, scope, pin }) => {
      await till.office.users.change({
        params: { user_id: person.user_id },
        headers: ifMatch(person.version),
        body: {
          ...(name !== person.name && { name }),
          ...(!sameAs([...roles].sort(), [...person.roles].sort()) && { roles }),
          ...(!sameAs(scope, person.scope) && { scope }),
          ...(pin !== undefined && { pin }),
        },
      });
      say(officeText.saved(name));
      onChanged();
    },
    reload: async () => {
      const now = await till.office.users.get({ user_id: person.user_id });
      setPerson(now);
      return draftOf(now);
    },
  });
  return (
    <FormPanel
      title={person.name}
      detail={<StatusBadge status={person.status} />}
      form={form}
      words={{ ...assignmentWords, pin: staffText.pin }}
      save={mayManage ? officeText.save : undefined}
      onClose={onClose}
    >
      <ProblemNotice problem={problem} />
      <Facts
        facts={[
          [staffText.email, person.email ?? officeText.dash],
          [staffText.hasPassword, person.has_password ? staffText.set : staffText.notSet],
          [staffText.hasPin, person.has_pin ? staffText.set : staffText.notSet],
          [staffText.since, displayInstant(person.created_at, machineZone)],
        ]}
      />
      {mayManage && (
        <PersonActions person={person} isDisabled={form.isDirty} onDone={onChanged} onProblem={setProblem} />
      )}
      <AssignmentFields form={form} />
      {mayManage && (
        <>
          <SecretField
            {...form.text('pin')}
            label={staffText.newPin}
            hint={staffText.newPinHint}
            kind="PIN"
          />
          <p>{staffText.endsSessions}</p>
        </>
      )}
    </FormPanel>
  );
}
