import { Form as AriaForm } from 'react-aria-components';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { Panel, PanelBody, PanelFoot } from '../part/panel.tsx';
import type { Form } from '../part/use-form.ts';
import styles from './form-panel.module.css';
import { ProblemNotice } from './problem-notice.tsx';
import { useReferenceProblem } from './references.ts';
import { type FieldWords, StaleNotice } from './stale-notice.tsx';
import { officeText } from './text.ts';
import { leave, useUnsavedMark } from './unsaved-store.ts';

type Props<Draft extends object> = {
  title: string;
  detail?: React.ReactNode;
  size?: 'm' | 'l';
  form: Form<Draft>;
  /** What the fields are called, for saying what somebody else has changed in them. */
  words: FieldWords<Draft>;
  /** The words of the button that saves; without them the form is only to be read. */
  save?: string | undefined;
  /** Buttons at the beginning of the foot, such as Remove. */
  others?: React.ReactNode;
  onClose: () => void;
  children: React.ReactNode;
};

/** A form beside the table: its fields scroll, its buttons stay, and it is not closed over unsaved work without asking. */
export function FormPanel<Draft extends object>(props: Props<Draft>) {
  const { form, save } = props;
  const references = useReferenceProblem();
  useUnsavedMark(form.isDirty);
  const close = () => leave(props.onClose);
  return (
    <Panel title={props.title} detail={props.detail} size={props.size ?? 'm'} onClose={close}>
      <AriaForm
        ref={form.element}
        className={cx(styles.form)}
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        <PanelBody>
          {form.stale && (
            <StaleNotice stale={form.stale} mine={form.draft} words={props.words} onGoOn={form.goOn} />
          )}
          <ProblemNotice problem={form.problem ?? references} />
          {props.children}
        </PanelBody>
        <PanelFoot>
          {props.others}
          <span className={styles.spring} />
          <Button size="l" onPress={close}>
            {save === undefined ? officeText.close : officeText.cancel}
          </Button>
          {save !== undefined && (
            <Button size="l" tone="primary" type="submit" isDisabled={!form.isDirty || form.stale !== null}>
              {form.isSaving ? officeText.saving : save}
            </Button>
          )}
        </PanelFoot>
      </AriaForm>
    </Panel>
  );
}
