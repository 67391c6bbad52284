import { z } from 'zod';
import { mailedTokenSchema } from '#shared/people/invitation.ts';
import { newPasswordSchema } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { atServer, signInToOffice } from '../session.ts';
import { serverSchema } from './at-door.ts';
import { DoorForm } from './door-form.tsx';
import { entryText } from './text.ts';

const resetSchema = z
  .strictObject({
    server_url: serverSchema,
    token: mailedTokenSchema,
    password: newPasswordSchema,
    again: z.string(),
  })
  .refine(({ password, again }) => password === again, { path: ['again'], error: entryText.differs });

/** Sets a new password with the code from a mail, and signs in with it. */
export function NewPassword() {
  const form = useForm({
    start: { server_url: '', token: '', password: '', again: '' },
    check: (draft) => check(resetSchema, draft),
    save: async ({ server_url, token, password }) => {
      const { email } = await till.office.auth.resetPassword({ ...atServer(server_url), token, password });
      await signInToOffice(email, password, server_url);
    },
  });
  return (
    <DoorForm
      title={entryText.resetTitle}
      detail={entryText.resetDetail}
      form={form}
      icon="key"
      action={entryText.reset}
      busy={entryText.accepting}
    >
      <Field {...form.text('token')} label={entryText.code} autoComplete="one-time-code" />
      <SecretField
        {...form.text('password')}
        label={entryText.newPassword}
        hint={entryText.passwordHint}
        kind="new password"
      />
      <SecretField {...form.text('again')} label={entryText.again} kind="new password" />
    </DoorForm>
  );
}
