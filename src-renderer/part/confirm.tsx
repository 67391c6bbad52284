import { Button } from './button.tsx';
import styles from './confirm.module.css';
import { useConfirm } from './confirm-store.ts';
import { Dialog, DialogActions } from './dialog.tsx';

/** Asks the question that `confirm` was given. Stands once in the app, after everything that it may stand over. */
export function Confirm() {
  const { asked } = useConfirm();
  if (!asked) return null;
  const { question, answer } = asked;
  return (
    <Dialog title={question.title} onClose={() => answer(false)}>
      <p className={styles.detail}>{question.detail}</p>
      {question.consequences && (
        <ul className={styles.consequences}>
          {question.consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
      )}
      <DialogActions>
        <Button size="l" autoFocus onPress={() => answer(false)}>
          {question.keep}
        </Button>
        <Button size="l" tone={question.tone} onPress={() => answer(true)}>
          {question.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
