import { useEffect, useState } from 'react';
import { officeContract } from '#shared/contract/office.ts';
import type { Invitation } from '#shared/people/invitation.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import type { Column } from '../../part/data-table.tsx';
import { useNow } from '../../part/now.ts';
import { FilterSelect } from '../../part/select.tsx';
import { displayAgo, displayUntil } from '../../part/time.ts';
import { ListScreen } from '../list-screen.tsx';
import { type List, listStore } from '../list-store.ts';
import { useMay } from '../me.ts';
import { officeText } from '../text.ts';
import { InvitationBadge, MailBadge } from './invitation-badges.tsx';
import { InvitationPanel } from './invitation-panel.tsx';
import { InvitePanel } from './invite-panel.tsx';
import { staffText } from './text.ts';

type Sort = 'created_at' | 'email' | 'status' | 'expires_at';
type Filter = { readonly status: Invitation['status'] | null };

const columns: readonly Column<Invitation, Sort>[] = [
  { key: 'name', title: staffText.name, kind: 'name', show: ({ name }) => name },
  { key: 'email', title: staffText.email, sort: 'email', show: ({ email }) => email },
  {
    key: 'status',
    title: staffText.status,
    sort: 'status',
    kind: 'tight',
    show: ({ status }) => <InvitationBadge status={status} />,
  },
  { key: 'mail', title: staffText.mail, kind: 'tight', show: ({ mail }) => <MailBadge mail={mail} /> },
  {
    key: 'expires_at',
    title: staffText.expires,
    sort: 'expires_at',
    kind: 'tight',
    show: (invitation) => <Ends invitation={invitation} />,
  },
  {
    key: 'created_at',
    title: staffText.invitedAt,
    sort: 'created_at',
    kind: 'tight',
    show: ({ created_at }) => <Ago instant={created_at} />,
  },
];

/** How often the list is read anew while a mail is on its way, in ms. */
const askAgain = 3_000;

/** Who was invited, and what became of the mail. */
export function InvitationsScreen() {
  const [list] = useState(() =>
    listStore<Invitation, Sort, Filter>({
      fetch: (wanted, { status }) =>
        till.office.invitations.list({ ...wanted, ...(status !== null && { status }) }),
      sort: 'created_at',
      order: 'desc',
      filter: { status: null },
    }),
  );
  const [open, setOpen] = useState<Invitation | 'new' | null>(null);
  const mayInvite = useMay(officeContract.invitations.create);
  const isMailOnItsWay = list.use(
    ({ items }) =>
      items?.some(({ status, mail }) => status === 'PENDING' && mail.state === 'waiting') ?? false,
  );
  useEffect(() => {
    if (!isMailOnItsWay) return;
    const timer = setInterval(list.refresh, askAgain);
    return () => clearInterval(timer);
  }, [isMailOnItsWay, list]);
  const onChanged = () => {
    setOpen(null);
    list.refresh();
  };
  return (
    <>
      <ListScreen
        title={staffText.invitations}
        detail={staffText.invitationsDetail}
        list={list}
        columns={columns}
        rowKey={({ invitation_id }) => invitation_id}
        searchLabel={staffText.searchInvitations}
        filters={<Filters list={list} />}
        empty={{
          icon: 'mail',
          title: staffText.invitationsEmpty,
          detail: staffText.invitationsEmptyDetail,
        }}
        onOpen={setOpen}
        actions={
          mayInvite && (
            <Button tone="primary" size="l" icon="mail" onPress={() => setOpen('new')}>
              {staffText.invite}
            </Button>
          )
        }
      />
      {open === 'new' && <InvitePanel onChanged={onChanged} onClose={() => setOpen(null)} />}
      {open !== null && typeof open === 'object' && (
        <InvitationPanel
          key={open.invitation_id}
          invitation={open}
          onChanged={onChanged}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function Filters({ list }: { list: List<Invitation, Sort, Filter> }) {
  const status = list.use((state) => state.filter.status);
  return (
    <FilterSelect<Invitation['status'] | ''>
      label={staffText.status}
      choices={[
        ['', officeText.all],
        ['PENDING', staffText.invitationStatuses.PENDING],
        ['ACCEPTED', staffText.invitationStatuses.ACCEPTED],
        ['EXPIRED', staffText.invitationStatuses.EXPIRED],
        ['REVOKED', staffText.invitationStatuses.REVOKED],
      ]}
      chosen={status ?? ''}
      onChoose={(chosen) => list.narrow({ status: chosen === '' ? null : chosen })}
    />
  );
}

function Ends({ invitation: { status, expires_at } }: { invitation: Invitation }) {
  const now = useNow(60_000);
  return status === 'PENDING' ? displayUntil(expires_at, now) : officeText.dash;
}

function Ago({ instant }: { instant: string }) {
  return displayAgo(instant, useNow(60_000));
}
