import { useState } from 'react';
import { officeContract } from '#shared/contract/office.ts';
import type { OfficeSession } from '#shared/people/session.ts';
import { till } from '../../api.ts';
import { Badge } from '../../part/badge.tsx';
import { Button } from '../../part/button.tsx';
import { confirm } from '../../part/confirm-store.ts';
import type { Column } from '../../part/data-table.tsx';
import { useNow } from '../../part/now.ts';
import { explain, type Problem } from '../../part/problem.ts';
import { displayAgo, displayInstant, machineZone } from '../../part/time.ts';
import { ListScreen } from '../list-screen.tsx';
import { listStore } from '../list-store.ts';
import { useMay } from '../me.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { say } from '../said-store.ts';
import { signOutOfOffice } from '../session.ts';
import { officeText } from '../text.ts';
import { staffText } from './text.ts';

type Sort = 'last_used_at' | 'created_at' | 'user_name';

/** Where people are signed in to the office, and the way to end that. */
export function SessionsScreen() {
  const [list] = useState(() =>
    listStore<OfficeSession, Sort, object>({
      fetch: (wanted) => till.office.sessions.list(wanted),
      sort: 'last_used_at',
      order: 'desc',
      filter: {},
    }),
  );
  const [problem, setProblem] = useState<Problem | null>(null);
  const mayEndAll = useMay(officeContract.sessions.revokeAll);
  const end = async ({ session_id, user_name, current }: OfficeSession) => {
    const yes = await confirm({
      title: staffText.endOneTitle(user_name),
      detail: current ? staffText.endOwnDetail : staffText.endOneDetail,
      action: staffText.end,
      keep: officeText.keepIt,
      tone: 'danger',
    });
    if (!yes) return;
    try {
      const { revoked } = await till.office.sessions.revoke({ session_id });
      if (current) return signOutOfOffice();
      say(staffText.sessionsEnded(revoked));
      await list.refresh();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  const endAll = async () => {
    const yes = await confirm({
      title: staffText.endEverybodyTitle,
      detail: staffText.endEverybodyDetail,
      action: staffText.endEverybody,
      keep: officeText.cancel,
      tone: 'danger',
    });
    if (!yes) return;
    try {
      await till.office.sessions.revokeAll();
      signOutOfOffice();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <ListScreen
      title={staffText.sessions}
      detail={staffText.sessionsDetail}
      list={list}
      columns={[...columns, { key: 'end', title: staffText.end, kind: 'tight', show: endButton(end) }]}
      rowKey={({ session_id }) => session_id}
      searchLabel={staffText.searchSessions}
      empty={{ icon: 'key', title: staffText.sessionsEmpty, detail: staffText.sessionsEmptyDetail }}
      problem={<ProblemNotice problem={problem} />}
      actions={
        mayEndAll && (
          <Button size="l" icon="door" onPress={endAll}>
            {staffText.endEverybody}
          </Button>
        )
      }
    />
  );
}

const columns: readonly Column<OfficeSession, Sort>[] = [
  {
    key: 'user_name',
    title: staffText.person,
    sort: 'user_name',
    kind: 'name',
    show: ({ user_name, current }) => (
      <>
        {user_name} {current && <Badge tone="info">{staffText.thisOne}</Badge>}
      </>
    ),
  },
  {
    key: 'last_used_at',
    title: staffText.lastUsed,
    sort: 'last_used_at',
    kind: 'tight',
    show: ({ last_used_at }) => <Ago instant={last_used_at} />,
  },
  {
    key: 'created_at',
    title: staffText.signedIn,
    sort: 'created_at',
    kind: 'tight',
    show: ({ created_at }) => displayInstant(created_at, machineZone),
  },
  { key: 'ip', title: staffText.from, kind: 'tight', show: ({ ip }) => ip },
  { key: 'user_agent', title: staffText.program, show: ({ user_agent }) => user_agent || officeText.dash },
];

const endButton = (end: (session: OfficeSession) => void) => (session: OfficeSession) => (
  <Button
    tone="quiet"
    icon="door"
    aria-label={staffText.endOne(session.user_name)}
    onPress={() => end(session)}
  >
    {staffText.end}
  </Button>
);

function Ago({ instant }: { instant: string }) {
  return displayAgo(instant, useNow(60_000));
}
