import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import { Field } from '../part/field.tsx';
import styles from './dialogs.module.css';
import type { CartViewLine } from './sell-store.ts';
import { salesText } from './text.ts';
import { noteLine } from './ticket-actions.ts';

/** Asks for the note on a line. */
export function NoteDialog({ line, onClose }: { line: CartViewLine; onClose: () => void }) {
  const [note, setNote] = useState(line.note ?? '');
  return (
    <Dialog title={salesText.noteFor(line.name)} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          noteLine(line, note);
          onClose();
        }}
      >
        <Field
          label={salesText.note}
          hint={salesText.noteHint}
          value={note}
          onChange={setNote}
          maxLength={300}
          autoFocus
        />
        <DialogActions>
          <Button size="l" onPress={onClose}>
            {salesText.cancel}
          </Button>
          <Button size="l" tone="primary" type="submit">
            {salesText.apply}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
