import { useState } from 'react';
import { officeContract } from '#shared/contract/office.ts';
import type { LocationId } from '#shared/ids.ts';
import type { User, UserStatus } from '#shared/people/user.ts';
import { till } from '../../api.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import type { Column } from '../../part/data-table.tsx';
import { FilterSelect } from '../../part/select.tsx';
import { ListScreen } from '../list-screen.tsx';
import { type List, listStore } from '../list-store.ts';
import { useMay, useMe } from '../me.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { InvitePanel } from './invite-panel.tsx';
import { NewPersonPanel } from './new-person-panel.tsx';
import { PersonPanel } from './person-panel.tsx';
import { inRoleOrder, roleName } from './role-words.ts';
import { useScopeText } from './scope.ts';
import { StatusBadge } from './status-badge.tsx';
import { staffText } from './text.ts';

type Sort = 'name' | 'email' | 'status' | 'created_at';
type Filter = {
  readonly status: UserStatus | null;
  readonly role: string | null;
  readonly location_id: LocationId | null;
};

const columns: readonly Column<User, Sort>[] = [
  { key: 'name', title: staffText.name, sort: 'name', kind: 'name', show: (user) => <Name user={user} /> },
  {
    key: 'email',
    title: staffText.email,
    sort: 'email',
    show: ({ email }) => email ?? <Badge>{staffText.tillOnly}</Badge>,
  },
  { key: 'roles', title: staffText.roles, show: ({ roles }) => roles.map(roleName).join(', ') },
  { key: 'scope', title: staffText.scope, show: (user) => <Scope user={user} /> },
  {
    key: 'status',
    title: staffText.status,
    sort: 'status',
    kind: 'tight',
    show: ({ status }) => <StatusBadge status={status} />,
  },
];

/** Everybody of the company. */
export function PeopleScreen() {
  const [list] = useState(() =>
    listStore<User, Sort, Filter>({
      fetch: (wanted, { status, role, location_id }) =>
        till.office.users.list({
          ...wanted,
          ...(status !== null && { status }),
          ...(role !== null && { role }),
          ...(location_id !== null && { location_id }),
        }),
      sort: 'name',
      filter: { status: null, role: null, location_id: null },
    }),
  );
  const [open, setOpen] = useState<User | 'new' | 'invite' | null>(null);
  const mayAdd = useMay(officeContract.users.create);
  const mayInvite = useMay(officeContract.invitations.create);
  const close = () => setOpen(null);
  const onChanged = () => {
    close();
    list.refresh();
  };
  return (
    <>
      <ListScreen
        title={staffText.people}
        detail={staffText.peopleDetail}
        list={list}
        columns={columns}
        rowKey={({ user_id }) => user_id}
        searchLabel={staffText.searchPeople}
        filters={<Filters list={list} />}
        empty={{ icon: 'people', title: staffText.peopleEmpty, detail: staffText.peopleEmptyDetail }}
        onOpen={setOpen}
        actions={
          <>
            {mayAdd && (
              <Button size="l" icon="plus" onPress={() => setOpen('new')}>
                {staffText.addTillPerson}
              </Button>
            )}
            {mayInvite && (
              <Button tone="primary" size="l" icon="mail" onPress={() => setOpen('invite')}>
                {staffText.invite}
              </Button>
            )}
          </>
        }
      />
      {open === 'new' && <NewPersonPanel onChanged={onChanged} onClose={close} />}
      {open === 'invite' && <InvitePanel onChanged={onChanged} onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <PersonPanel key={open.user_id} person={open} onChanged={onChanged} onClose={close} />
      )}
    </>
  );
}

function Filters({ list }: { list: List<User, Sort, Filter> }) {
  const filter = list.use((state) => state.filter);
  const roles = useReference('roles');
  const locations = useReference('locations');
  return (
    <>
      <FilterSelect<UserStatus | ''>
        label={staffText.status}
        choices={[
          ['', officeText.all],
          ['ACTIVE', staffText.statuses.ACTIVE],
          ['INVITED', staffText.statuses.INVITED],
          ['DISABLED', staffText.statuses.DISABLED],
        ]}
        chosen={filter.status ?? ''}
        onChoose={(status) => list.narrow({ status: status === '' ? null : status })}
      />
      <FilterSelect
        label={staffText.role}
        choices={[
          ['', officeText.all],
          ...inRoleOrder(roles).map(({ code }) => [code, roleName(code)] as const),
        ]}
        chosen={filter.role ?? ''}
        onChoose={(role) => list.narrow({ role: role === '' ? null : role })}
      />
      <FilterSelect
        label={staffText.location}
        choices={[
          ['', officeText.all],
          ...locations.map(({ location_id, name }) => [location_id as string, name] as const),
        ]}
        chosen={filter.location_id ?? ''}
        onChoose={(key) =>
          list.narrow({
            location_id: locations.find(({ location_id }) => location_id === key)?.location_id ?? null,
          })
        }
      />
    </>
  );
}

function Name({ user }: { user: User }) {
  const me = useMe();
  return (
    <>
      {user.name} {user.user_id === me.user.user_id && <Badge>{staffText.you}</Badge>}
    </>
  );
}

function Scope({ user }: { user: User }) {
  const scopeText = useScopeText();
  return scopeText(user.scope);
}
