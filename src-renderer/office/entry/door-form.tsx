import { Form as AriaForm } from 'react-aria-components';
import { Button } from '../../part/button.tsx';
import card from '../../part/card.module.css';
import { cx } from '../../part/cx.ts';
import { Field } from '../../part/field.tsx';
import type { IconName } from '../../part/icon.tsx';
import type { Form } from '../../part/use-form.ts';
import { useTill } from '../../people/till-store.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { type AtDoor, atTheDoor } from './at-door.ts';
import { entryText } from './text.ts';

/** A form at the door: its heading, what went wrong, its fields, and the one button. */
export function DoorForm<Draft extends AtDoor>({
  title,
  detail,
  form,
  icon,
  action,
  busy,
  children,
}: {
  title: string;
  detail: string;
  form: Form<Draft>;
  icon: IconName;
  action: string;
  busy: string;
  children: React.ReactNode;
}) {
  const isEnrolled = useTill(({ state }) => state?.terminal != null);
  return (
    <>
      <h1 className={card.title}>{title}</h1>
      <p className={card.detail}>{detail}</p>
      <ProblemNotice problem={atTheDoor(form.problem)} />
      <AriaForm
        ref={form.element}
        className={cx(card.form)}
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        {!isEnrolled && (
          <Field
            label={entryText.server}
            hint={entryText.serverHint}
            type="url"
            value={form.draft.server_url}
            onChange={(server_url) => form.change({ server_url } as Partial<Draft>)}
            error={form.fault('server_url')}
            autoFocus
          />
        )}
        {children}
        <Button type="submit" tone="primary" size="l" icon={icon} wide>
          {form.isSaving ? busy : action}
        </Button>
      </AriaForm>
    </>
  );
}
