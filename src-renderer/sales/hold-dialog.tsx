import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import { Field } from '../part/field.tsx';
import styles from './dialogs.module.css';
import { salesText } from './text.ts';
import { holdTicket } from './ticket-actions.ts';

/** Puts the ticket on hold, under a name or without one. */
export function HoldDialog({ onClose }: { onClose: () => void }) {
  const [label, setLabel] = useState('');
  return (
    <Dialog title={salesText.holdTitle} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          holdTicket(label);
          onClose();
        }}
      >
        <Field
          label={salesText.holdLabel}
          hint={salesText.holdHint}
          value={label}
          onChange={setLabel}
          maxLength={60}
          autoFocus
        />
        <DialogActions>
          <Button size="l" onPress={onClose}>
            {salesText.cancel}
          </Button>
          <Button size="l" tone="primary" type="submit" icon="hold">
            {salesText.hold}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
