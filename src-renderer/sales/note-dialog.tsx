import { useState } from 'react';
import { Field } from '../part/field.tsx';
import { FormDialog } from './form-dialog.tsx';
import type { CartViewLine } from './sell-store.ts';
import { salesText } from './text.ts';
import { noteLine } from './ticket-actions.ts';

/** Asks for the note on a line. */
export function NoteDialog({ line, onClose }: { line: CartViewLine; onClose: () => void }) {
  const [note, setNote] = useState(line.note ?? '');
  return (
    <FormDialog
      title={salesText.noteFor(line.name)}
      submit={{ label: salesText.apply }}
      onSubmit={() => {
        noteLine(line, note);
        onClose();
      }}
      onClose={onClose}
    >
      <Field
        label={salesText.note}
        hint={salesText.noteHint}
        value={note}
        onChange={setNote}
        maxLength={300}
        autoFocus
      />
    </FormDialog>
  );
}
