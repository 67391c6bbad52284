import { useState } from 'react';
import { Field } from '../part/field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { salesText } from './text.ts';
import { holdTicket } from './ticket-actions.ts';

/** Puts the ticket on hold, under a name or without one. */
export function HoldDialog({ onClose }: { onClose: () => void }) {
  const [label, setLabel] = useState('');
  return (
    <FormDialog
      title={salesText.holdTitle}
      submit={{ label: salesText.hold, icon: 'hold' }}
      onSubmit={() => {
        holdTicket(label);
        onClose();
      }}
      onClose={onClose}
    >
      <Field
        label={salesText.holdLabel}
        hint={salesText.holdHint}
        value={label}
        onChange={setLabel}
        maxLength={60}
        autoFocus
      />
    </FormDialog>
  );
}
