import { v7 } from 'uuid';
import { z } from 'zod';
import { userIdSchema } from '#shared/ids.ts';
import { newPinSchema, userFieldsSchema } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { FormPanel } from '../form-panel.tsx';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import { type AssignmentDraft, AssignmentFields } from './assignment-fields.tsx';
import { assignmentWords } from './assignment-words.ts';
import { enteredScope, wholeCompany } from './scope.ts';
import { staffText } from './text.ts';

const newPersonSchema = userFieldsSchema
  .extend({ user_id: userIdSchema, pin: newPinSchema, again: z.string() })
  .refine(({ pin, again }) => pin === again, { path: ['again'], error: staffText.pinDiffers });

type Draft = AssignmentDraft & { user_id: string; pin: string; again: string };

const blank = (): Draft => ({ user_id: v7(), name: '', roles: [], scope: wholeCompany, pin: '', again: '' });

/** Adds somebody who only ever unlocks tills. */
export function NewPersonPanel({ onChanged, onClose }: { onChanged: () => void; onClose: () => void }) {
  const form = useForm({
    start: blank(),
    check: (draft) => check(newPersonSchema, { ...draft, scope: enteredScope(draft.scope) }),
    save: async ({ again: _again, ...person }) => {
      await till.office.users.create(person);
      say(officeText.added(person.name));
      onChanged();
    },
  });
  return (
    <FormPanel
      title={staffText.newTillPerson}
      detail={staffText.newTillDetail}
      form={form}
      words={{ ...assignmentWords, user_id: '', pin: staffText.pin, again: staffText.pinAgain }}
      save={officeText.addIt}
      onClose={onClose}
    >
      <AssignmentFields form={form} autoFocus />
      <SecretField {...form.text('pin')} label={staffText.pin} hint={staffText.pinHint} kind="PIN" />
      <SecretField {...form.text('again')} label={staffText.pinAgain} kind="PIN" />
    </FormPanel>
  );
}
