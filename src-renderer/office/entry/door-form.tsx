import { Form as AriaForm } from 'react-aria-components';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Field } from '../../part/field.tsx';
import type { IconName } from '../../part/icon.tsx';
import { Notice } from '../../part/notice.tsx';
import type { Form } from '../../part/use-form.ts';
import { useTill } from '../../people/till-store.ts';
import { officeText } from '../text.ts';
import type { AtDoor } from './at-door.ts';
import styles from './door.module.css';
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
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.detail}>{detail}</p>
      {form.problem &&
        (form.problem.code === 'server_unreachable' ? (
          <Notice tone="warn" title={officeText.offlineTitle} detail={officeText.offlineDetail} />
        ) : (
          <Notice tone="danger" title={form.problem.title} detail={form.problem.detail} />
        ))}
      <AriaForm
        ref={form.element}
        className={cx(styles.form)}
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
        <Button type="submit" tone="primary" size="l" icon={icon} wide isPending={form.isSaving}>
          {form.isSaving ? busy : action}
        </Button>
      </AriaForm>
    </>
  );
}
