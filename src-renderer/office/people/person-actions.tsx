import { Group } from 'react-aria-components';
import type { User } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { confirm, type Question } from '../../part/confirm-store.ts';
import { cx } from '../../part/cx.ts';
import { explain, type Problem } from '../../part/problem.ts';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import styles from './person-actions.module.css';
import { staffText } from './text.ts';

/** What can be done about how somebody comes in. */
export function PersonActions({
  person: { user_id, name, email, status },
  isDisabled,
  onDone,
  onProblem,
}: {
  person: User;
  /** While something in the form beside it is unsaved: each of these closes it. */
  isDisabled: boolean;
  onDone: () => void;
  onProblem: (problem: Problem) => void;
}) {
  /** Asks, does it, and says what was done. */
  const ask = async (question: Omit<Question, 'keep'>, act: () => Promise<string>) => {
    if (!(await confirm({ ...question, keep: officeText.cancel }))) return;
    try {
      say(await act());
      onDone();
    } catch (error) {
      onProblem(explain(error));
    }
  };
  const lockOut = () =>
    ask(
      {
        title: staffText.lockOutTitle(name),
        detail: staffText.lockOutDetail,
        consequences: staffText.lockOutConsequences,
        action: staffText.lockOut,
        tone: 'danger',
      },
      async () => {
        await till.office.users.disable({ user_id });
        return staffText.lockedOut(name);
      },
    );
  const letIn = () =>
    ask(
      {
        title: staffText.letInTitle(name),
        detail: staffText.letInDetail,
        action: staffText.letIn,
        tone: 'primary',
      },
      async () => {
        await till.office.users.enable({ user_id });
        return staffText.letBackIn(name);
      },
    );
  const endSessions = () =>
    ask(
      {
        title: staffText.endSessionsTitle(name),
        detail: staffText.endSessionsDetail,
        action: staffText.endSessions,
        tone: 'danger',
      },
      async () => {
        const { revoked } = await till.office.sessions.revokeOfUser({ user_id });
        return staffText.sessionsEnded(revoked);
      },
    );
  const sendReset = () =>
    ask(
      {
        title: staffText.sendResetTitle(name),
        detail: staffText.sendResetDetail,
        consequences: staffText.sendResetConsequences,
        action: staffText.send,
        tone: 'primary',
      },
      async () => {
        await till.office.users.sendPasswordReset({ user_id });
        return staffText.resetSent(email ?? name);
      },
    );
  return (
    <Group className={cx(styles.actions)} aria-label={staffText.access}>
      {status === 'DISABLED' ? (
        <Button isDisabled={isDisabled} icon="door" onPress={letIn}>
          {staffText.letIn}
        </Button>
      ) : (
        <Button isDisabled={isDisabled} icon="lock" onPress={lockOut}>
          {staffText.lockOut}
        </Button>
      )}
      {email !== null && status === 'ACTIVE' && (
        <>
          <Button isDisabled={isDisabled} icon="key" onPress={endSessions}>
            {staffText.endSessions}
          </Button>
          <Button isDisabled={isDisabled} icon="mail" onPress={sendReset}>
            {staffText.sendReset}
          </Button>
        </>
      )}
    </Group>
  );
}
