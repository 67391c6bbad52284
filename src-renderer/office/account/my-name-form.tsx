import { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { newPinSchema } from '#shared/people/user.ts';
import { nameSchema } from '#shared/text.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { CardForm } from '../card-form.tsx';
import { useMe } from '../me.ts';
import { say } from '../said-store.ts';
import { takeMe } from '../session.ts';
import { officeText } from '../text.ts';
import { Section } from './section.tsx';
import { accountText } from './text.ts';

const meFieldsSchema = z
  .strictObject({
    name: nameSchema(100),
    pin: z.union([z.literal(''), newPinSchema]),
    again: z.string(),
  })
  .refine(({ pin, again }) => pin === again, { path: ['again'], error: accountText.pinDiffers });

/** My name, and a new PIN. */
export function MyNameForm() {
  const { user } = useMe();
  const form = useForm({
    start: { name: user.name, pin: '', again: '' },
    check: (draft) => check(meFieldsSchema, draft),
    save: async ({ name, pin }) => {
      const me = await till.office.auth.changeMe({
        headers: ifMatch(user.version),
        body: { ...(name !== user.name && { name }), ...(pin !== '' && { pin }) },
      });
      say(accountText.saved);
      takeMe(me);
    },
    reload: async () => {
      const me = await till.office.auth.me();
      takeMe(me);
      return { name: me.user.name, pin: '', again: '' };
    },
  });
  return (
    <Section title={accountText.me}>
      <CardForm
        form={form}
        words={{ name: accountText.name, pin: accountText.pin, again: accountText.pinAgain }}
        save={officeText.save}
      >
        <Field {...form.text('name')} label={accountText.name} hint={accountText.nameHint} />
        <SecretField {...form.text('pin')} label={accountText.pin} hint={accountText.pinHint} kind="PIN" />
        <SecretField {...form.text('again')} label={accountText.pinAgain} kind="PIN" />
      </CardForm>
    </Section>
  );
}
