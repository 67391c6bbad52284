import { z } from 'zod';
import { mailedTokenSchema } from '#shared/people/invitation.ts';
import { newPasswordSchema, newPinSchema } from '#shared/people/user.ts';
import { nameSchema } from '#shared/text.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { atServer, signInToOffice } from '../session.ts';
import { serverSchema } from './at-door.ts';
import { DoorForm } from './door-form.tsx';
import { entryText } from './text.ts';

/** What is left empty is not sent. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema]);

const invitedSchema = z
  .strictObject({
    server_url: serverSchema,
    token: mailedTokenSchema,
    name: optional(nameSchema(100)),
    password: newPasswordSchema,
    again: z.string(),
    pin: optional(newPinSchema),
  })
  .refine(({ password, again }) => password === again, { path: ['again'], error: entryText.differs });

/** Makes somebody who was invited a person of the company, and signs them in. */
export function AcceptInvitation() {
  const form = useForm({
    start: { server_url: '', token: '', name: '', password: '', again: '', pin: '' },
    check: (draft) => check(invitedSchema, draft),
    save: async ({ server_url, token, name, password, pin }) => {
      const { email } = await till.office.auth.acceptInvitation({
        ...atServer(server_url),
        token,
        password,
        ...(name !== undefined && { name }),
        ...(pin !== undefined && { pin }),
      });
      await signInToOffice(email, password, server_url);
    },
  });
  return (
    <DoorForm
      title={entryText.invitationTitle}
      detail={entryText.invitationDetail}
      form={form}
      icon="check"
      action={entryText.accept}
      busy={entryText.accepting}
    >
      <Field {...form.text('token')} label={entryText.code} autoComplete="one-time-code" />
      <Field
        {...form.text('name')}
        label={entryText.ownName}
        hint={entryText.ownNameHint}
        autoComplete="name"
      />
      <SecretField
        {...form.text('password')}
        label={entryText.newPassword}
        hint={entryText.passwordHint}
        kind="new password"
      />
      <SecretField {...form.text('again')} label={entryText.again} kind="new password" />
      <SecretField {...form.text('pin')} label={entryText.pin} hint={entryText.pinHint} kind="PIN" />
    </DoorForm>
  );
}
