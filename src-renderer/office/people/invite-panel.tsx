import { v7 } from 'uuid';
import { invitationIdSchema, userIdSchema } from '#shared/ids.ts';
import { emailSchema, userFieldsSchema } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { useForm } from '../../part/use-form.ts';
import { FormPanel } from '../form-panel.tsx';
import { say } from '../said-store.ts';
import { type AssignmentDraft, AssignmentFields } from './assignment-fields.tsx';
import { assignmentWords } from './assignment-words.ts';
import { enteredScope, wholeCompany } from './scope.ts';
import { staffText } from './text.ts';

const invitationSchema = userFieldsSchema.extend({
  invitation_id: invitationIdSchema,
  user_id: userIdSchema,
  email: emailSchema,
});

type Draft = AssignmentDraft & { invitation_id: string; user_id: string; email: string };

const blank = (): Draft => ({
  invitation_id: v7(),
  user_id: v7(),
  email: '',
  name: '',
  roles: [],
  scope: wholeCompany,
});

/** Invites somebody who is to sign in with a password. */
export function InvitePanel({ onChanged, onClose }: { onChanged: () => void; onClose: () => void }) {
  const form = useForm({
    start: blank(),
    check: (draft) => check(invitationSchema, { ...draft, scope: enteredScope(draft.scope) }),
    save: async (invitation) => {
      await till.office.invitations.create(invitation);
      say(staffText.invited(invitation.email));
      onChanged();
    },
  });
  return (
    <FormPanel
      title={staffText.newInvitation}
      detail={staffText.newInvitationDetail}
      form={form}
      words={{ ...assignmentWords, invitation_id: '', user_id: '', email: staffText.email }}
      save={staffText.sendInvitation}
      onClose={onClose}
    >
      <Field {...form.text('email')} label={staffText.email} type="email" autoFocus />
      <AssignmentFields form={form} />
    </FormPanel>
  );
}
