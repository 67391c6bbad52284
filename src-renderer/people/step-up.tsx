import { useEffect, useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import type { Permission } from '#shared/people/permission.ts';
import { cx } from '../part/cx.ts';
import { Dialog } from '../part/dialog.tsx';
import { Notice } from '../part/notice.tsx';
import { type Person, refreshPeople, usePeople } from './people-store.ts';
import { PinPad } from './pin-pad.tsx';
import styles from './step-up.module.css';
import { useStepUp } from './step-up-store.ts';
import { peopleText } from './text.ts';

/** Asks for the PIN of somebody who may approve, whenever a step needs one. Stands once in the app. */
export function StepUp() {
  const { request } = useStepUp();
  const people = usePeople((state) => state.people);
  const [approver, setApprover] = useState<string | null>(null);
  useEffect(() => {
    if (request) refreshPeople();
    else setApprover(null);
  }, [request]);
  if (!request) return null;
  const approvers = (people ?? []).filter(mayApprove(request.permission));
  const person = approvers.find(({ user_id }) => user_id === approver);
  const isFirst = request.problem.code === 'approval_needed';
  return (
    <Dialog title={peopleText.approvalTitle} shape="wide" onClose={() => request.answer(null)}>
      <div className={styles.columns}>
        <div className={styles.who}>
          <Notice
            tone={isFirst ? 'info' : 'warn'}
            title={isFirst ? request.what : request.problem.title}
            detail={request.problem.detail}
          />
          <RadioGroup
            aria-label={peopleText.approver}
            className={cx(styles.people)}
            value={approver ?? ''}
            onChange={setApprover}
          >
            {approvers.map(({ user_id, name }) => (
              <Radio key={user_id} value={user_id} className={cx(styles.person)}>
                {name}
              </Radio>
            ))}
          </RadioGroup>
          {people && approvers.length === 0 && <Notice tone="warn" title={peopleText.nobodyApproves} />}
        </div>
        <div className={cx(!person && styles.waiting)} inert={!person}>
          <PinPad
            key={approver}
            label={person ? peopleText.pinOf(person.name) : peopleText.pin}
            action={peopleText.approve}
            icon="check"
            problem={null}
            onPin={async (pin) => {
              if (person) request.answer({ user_id: person.user_id, pin });
            }}
          />
        </div>
      </div>
    </Dialog>
  );
}

/** Whether somebody may consent to what is asked; who may not is not offered. */
const mayApprove =
  (permission: Permission | undefined) =>
  ({ permissions }: Person): boolean =>
    permission === undefined || permissions.includes(permission);
