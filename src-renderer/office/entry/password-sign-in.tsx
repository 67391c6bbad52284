import { z } from 'zod';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { useTill } from '../../people/till-store.ts';
import { signInToOffice } from '../session.ts';
import { serverSchema } from './at-door.ts';
import { DoorForm } from './door-form.tsx';
import { entryText } from './text.ts';

const signInSchema = z.strictObject({
  server_url: serverSchema,
  username: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(1000),
});

/** Signs in with an address and a password. */
export function PasswordSignIn() {
  const isEnrolled = useTill(({ state }) => state?.terminal != null);
  const form = useForm({
    start: { server_url: '', username: '', password: '' },
    check: (draft) => check(signInSchema, draft),
    save: ({ username, password, server_url }) => signInToOffice(username, password, server_url),
  });
  return (
    <DoorForm
      title={entryText.title}
      detail={entryText.detail}
      form={form}
      icon="door"
      action={entryText.signIn}
      busy={entryText.signingIn}
    >
      <Field
        {...form.text('username')}
        label={entryText.email}
        type="email"
        autoComplete="username"
        autoFocus={isEnrolled}
      />
      <SecretField {...form.text('password')} label={entryText.password} kind="password" />
    </DoorForm>
  );
}
