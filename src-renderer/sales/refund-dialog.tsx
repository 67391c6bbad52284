import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import { Field } from '../part/field.tsx';
import styles from './dialogs.module.css';
import { salesText } from './text.ts';
import { startRefund } from './ticket-actions.ts';

/** Begins a refund, with the number of the receipt or without one. */
export function RefundDialog({ onClose }: { onClose: () => void }) {
  const [receipt, setReceipt] = useState('');
  const start = (number: string) => {
    onClose();
    startRefund(number);
  };
  return (
    <Dialog title={salesText.refundTitle} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (receipt.trim() !== '') start(receipt);
        }}
      >
        <Field
          label={salesText.refundReceipt}
          hint={salesText.refundReceiptHint}
          value={receipt}
          onChange={setReceipt}
          maxLength={50}
          isCode
          autoFocus
        />
        <DialogActions>
          <Button size="l" onPress={() => start('')}>
            {salesText.refundWithout}
          </Button>
          <Button size="l" tone="refund" type="submit" icon="refund" isDisabled={receipt.trim() === ''}>
            {salesText.refundStart}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
