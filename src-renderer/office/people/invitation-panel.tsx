import { useState } from 'react';
import { officeContract } from '#shared/contract/office.ts';
import type { Invitation } from '#shared/people/invitation.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { confirm } from '../../part/confirm-store.ts';
import { Facts } from '../../part/facts.tsx';
import { Notice } from '../../part/notice.tsx';
import { Panel, PanelBody, PanelFoot } from '../../part/panel.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { displayInstant, machineZone } from '../../part/time.ts';
import { useMay } from '../me.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import { InvitationBadge, MailBadge } from './invitation-badges.tsx';
import { staffText } from './text.ts';

/** One invitation: what became of it, and another mail, or its end. */
export function InvitationPanel({
  invitation: { invitation_id, name, email, status, mail, created_at, expires_at },
  onChanged,
  onClose,
}: {
  invitation: Invitation;
  onChanged: () => void;
  onClose: () => void;
}) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const mayInvite = useMay(officeContract.invitations.resend);
  const act = async (call: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await call();
      say(done);
      onChanged();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  const resend = () => act(() => till.office.invitations.resend({ invitation_id }), staffText.resent(email));
  const withdraw = async () => {
    const yes = await confirm({
      title: staffText.withdrawTitle(name),
      detail: staffText.withdrawDetail,
      action: staffText.withdraw,
      keep: officeText.keepIt,
      tone: 'danger',
    });
    if (yes) await act(() => till.office.invitations.revoke({ invitation_id }), staffText.withdrawn(name));
  };
  const when = (instant: string) => displayInstant(instant, machineZone);
  const mayChange = mayInvite && (status === 'PENDING' || status === 'EXPIRED');
  return (
    <Panel title={name} detail={<InvitationBadge status={status} />} onClose={onClose}>
      <PanelBody>
        <ProblemNotice problem={problem} />
        <Facts
          facts={[
            [staffText.email, email],
            [staffText.invitedAt, when(created_at)],
            [staffText.expires, when(expires_at)],
            [staffText.mail, <MailLine key="mail" mail={mail} when={when} />],
          ]}
        />
        {mail.state === 'failed' && <Notice tone="warn" title={staffText.mailReason} detail={mail.reason} />}
        {mayChange && <p>{staffText.resendDetail}</p>}
      </PanelBody>
      <PanelFoot>
        {mayChange && (
          <>
            <Button size="l" tone="quiet" icon="trash" isDisabled={isBusy} onPress={withdraw}>
              {staffText.withdraw}
            </Button>
            <Button size="l" tone="primary" icon="mail" isDisabled={isBusy} onPress={resend}>
              {staffText.resend}
            </Button>
          </>
        )}
        <Button size="l" onPress={onClose}>
          {officeText.close}
        </Button>
      </PanelFoot>
    </Panel>
  );
}

const MailLine = ({ mail, when }: { mail: Invitation['mail']; when: (instant: string) => string }) => (
  <>
    <MailBadge mail={mail} /> {mail.state !== 'waiting' && when(mail.at)}
  </>
);
