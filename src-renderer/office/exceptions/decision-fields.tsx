import type { ExceptionView } from '#shared/contract/office/exceptions.ts';
import type { DeskAction } from '#shared/sync/exception.ts';
import { Field } from '../../part/field.tsx';
import { Radios } from '../../part/radios.tsx';
import { TextArea } from '../../part/text-area.tsx';
import type { Form } from '../../part/use-form.ts';
import styles from './decision-fields.module.css';
import { exceptionsText } from './text.ts';

/** A decision that is being taken. `by`: the receipt of what makes up for it. */
export type DecisionDraft = { action: DeskAction | ''; note: string; by: string };

/** What can be decided, what it comes to, and why it was decided so. */
export function DecisionFields({ view, form }: { view: ExceptionView; form: Form<DecisionDraft> }) {
  const { action } = form.draft;
  const hints = exceptionsText.hints[view.kind];
  return (
    <div className={styles.decision}>
      <Radios<DeskAction | ''>
        label={exceptionsText.whatNow}
        hint={action === '' ? undefined : hints[action]}
        error={form.fault('action')}
        choices={view.actions.map((choice) => [choice, exceptionsText.actions[choice]])}
        chosen={action}
        onChoose={(chosen) => form.change({ action: chosen })}
      />
      {action === 'correct' && (
        <Field
          {...form.text('by')}
          label={exceptionsText.receipt}
          hint={exceptionsText.receiptHint}
          maxLength={50}
          isCode
        />
      )}
      <TextArea {...form.text('note')} label={exceptionsText.note} hint={exceptionsText.noteHint} />
    </div>
  );
}
