import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import { Field } from '../part/field.tsx';
import styles from './dialogs.module.css';
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
    <Dialog title={salesText.abortTitle} onClose={onClose}>
      <p className={styles.hint}>{salesText.abortDetail}</p>
      <div className={styles.reasons}>
        {salesText.abortReasons.map((usual) => (
          <Button key={usual} size="l" onPress={() => giveUp(usual)}>
            {usual}
          </Button>
        ))}
      </div>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') giveUp(reason.trim());
        }}
      >
        <Field label={salesText.otherReason} value={reason} onChange={setReason} maxLength={300} />
        <DialogActions>
          <Button size="l" onPress={onClose}>
            {salesText.keepTicket}
          </Button>
          <Button size="l" tone="danger" type="submit" icon="trash" isDisabled={reason.trim() === ''}>
            {salesText.abort}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
