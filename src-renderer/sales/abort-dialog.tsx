import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { Field } from '../part/field.tsx';
import styles from './dialogs.module.css';
import { FormDialog } from './form-dialog.tsx';
import { salesText } from './text.ts';
import { abortTicket } from './ticket-actions.ts';

/** Gives the ticket up, with one of the usual reasons or another one. */
export function AbortDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState('');
  const giveUp = (why: string) => {
    abortTicket(why);
    onClose();
  };
  return (
    <FormDialog
      title={salesText.abortTitle}
      lead={
        <>
          <p className={styles.hint}>{salesText.abortDetail}</p>
          <div className={styles.reasons}>
            {salesText.abortReasons.map((usual) => (
              <Button key={usual} size="l" onPress={() => giveUp(usual)}>
                {usual}
              </Button>
            ))}
          </div>
        </>
      }
      submit={{ label: salesText.abort, icon: 'trash', tone: 'danger', isDisabled: reason.trim() === '' }}
      other={
        <Button size="l" onPress={onClose}>
          {salesText.keepTicket}
        </Button>
      }
      onSubmit={() => {
        if (reason.trim() !== '') giveUp(reason.trim());
      }}
      onClose={onClose}
    >
      <Field label={salesText.otherReason} value={reason} onChange={setReason} maxLength={300} />
    </FormDialog>
  );
}
