import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import type { IconName } from '../part/icon.tsx';
import styles from './dialogs.module.css';
import { salesText } from './text.ts';

type Props = {
  title: string;
  /** What stands above the form, outside it. */
  lead?: React.ReactNode;
  submit: { label: string; icon?: IconName; tone?: 'primary' | 'danger'; isDisabled?: boolean };
  /** The other button; leaves everything as it is unless something else is given. */
  other?: React.ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children: React.ReactNode;
};

/** A dialog that asks one thing: Enter takes the answer, Escape leaves everything as it is. */
export function FormDialog({ title, lead, submit, other, onSubmit, onClose, children }: Props) {
  const { label, tone = 'primary', ...button } = submit;
  return (
    <Dialog title={title} onClose={onClose}>
      {lead}
      <form
        className={styles.form}
        // What is wrong is said by the dialog; the browser would keep a corrected answer from being given.
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <DialogActions>
          {other ?? (
            <Button size="l" onPress={onClose}>
              {salesText.cancel}
            </Button>
          )}
          <Button size="l" tone={tone} type="submit" {...button}>
            {label}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What is wrong with an answer; read out when it appears. */
export const FormError = ({ children }: { children: string | null }) => (
  <p className={styles.error} role="alert">
    {children}
  </p>
);
