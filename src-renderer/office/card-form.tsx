import { Form as AriaForm } from 'react-aria-components';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import type { Form } from '../part/use-form.ts';
import styles from './card-form.module.css';
import { ProblemNotice } from './problem-notice.tsx';
import { type FieldWords, StaleNotice } from './stale-notice.tsx';
import { officeText } from './text.ts';
import { useUnsavedMark } from './unsaved-store.ts';

/** A form that stands on a page by itself. */
export function CardForm<Draft extends object>({
  form,
  words,
  save,
  children,
}: {
  form: Form<Draft>;
  words: FieldWords<Draft>;
  save: string;
  children: React.ReactNode;
}) {
  useUnsavedMark(form.isDirty);
  return (
    <AriaForm
      ref={form.element}
      className={cx(styles.form)}
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.stale && <StaleNotice stale={form.stale} mine={form.draft} words={words} onGoOn={form.goOn} />}
      <ProblemNotice problem={form.problem} />
      {children}
      <Button
        type="submit"
        size="l"
        tone="primary"
        icon="check"
        isDisabled={!form.isDirty || form.stale !== null}
      >
        {form.isSaving ? officeText.saving : save}
      </Button>
    </AriaForm>
  );
}
