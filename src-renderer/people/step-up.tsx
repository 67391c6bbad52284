import { useEffect } from 'react';
import type { Permission } from '#shared/people/permission.ts';
import { Dialog } from '../part/dialog.tsx';
import { Notice } from '../part/notice.tsx';
import { type Person, refreshPeople, usePeople } from './people-store.ts';
import { PersonPin } from './person-pin.tsx';
import { useStepUp } from './step-up-store.ts';
import { peopleText } from './text.ts';

/** Asks for the PIN of somebody who may approve, whenever a step needs one. Stands once in the app. */
export function StepUp() {
  const { request } = useStepUp();
  const people = usePeople((state) => state.people);
  useEffect(() => {
    if (request) refreshPeople();
  }, [request]);
  if (!request) return null;
  const approvers = (people ?? []).filter(mayApprove(request.permission));
  const isFirst = request.problem.code === 'approval_needed';
  return (
    <Dialog title={peopleText.approvalTitle} shape="wide" onClose={() => request.answer(null)}>
      <PersonPin
        people={approvers}
        label={peopleText.approver}
        action={peopleText.approve}
        icon="check"
        problem={null}
        onPin={async ({ user_id }, pin) => request.answer({ user_id, pin })}
      >
        <Notice
          tone={isFirst ? 'info' : 'warn'}
          title={isFirst ? request.what : request.problem.title}
          detail={request.problem.detail}
        />
        {people && approvers.length === 0 && <Notice tone="warn" title={peopleText.nobodyApproves} />}
      </PersonPin>
    </Dialog>
  );
}

/** Whether somebody may consent to what is asked; who may not is not offered. */
const mayApprove =
  (permission: Permission | undefined) =>
  ({ permissions }: Person): boolean =>
    permission === undefined || permissions.includes(permission);
