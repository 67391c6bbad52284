import { z } from 'zod';
import { newPasswordSchema } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { CardForm } from '../card-form.tsx';
import { say } from '../said-store.ts';
import { Section } from './section.tsx';
import { accountText } from './text.ts';

const passwordsSchema = z
  .strictObject({
    current_password: z.string().min(1).max(1000),
    password: newPasswordSchema,
    again: z.string(),
  })
  .refine(({ password, again }) => password === again, { path: ['again'], error: accountText.differs });

const blank = { current_password: '', password: '', again: '' };

/** A new password of mine. */
export function MyPasswordForm() {
  const form = useForm({
    start: blank,
    check: (draft) => check(passwordsSchema, draft),
    save: async ({ current_password, password }) => {
      await till.office.auth.changePassword({ current_password, password });
      say(accountText.changed);
    },
    after: blank,
  });
  return (
    <Section title={accountText.passwordTitle} detail={accountText.passwordDetail}>
      <CardForm
        form={form}
        words={{
          current_password: accountText.current,
          password: accountText.password,
          again: accountText.again,
        }}
        save={accountText.change}
      >
        <SecretField {...form.text('current_password')} label={accountText.current} kind="password" />
        <SecretField
          {...form.text('password')}
          label={accountText.password}
          hint={accountText.passwordHint}
          kind="new password"
        />
        <SecretField {...form.text('again')} label={accountText.again} kind="new password" />
      </CardForm>
    </Section>
  );
}
