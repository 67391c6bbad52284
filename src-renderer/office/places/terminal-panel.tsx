import { useState } from 'react';
import { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { locationIdSchema } from '#shared/ids.ts';
import type { OfficeTerminal } from '#shared/people/terminal.ts';
import { nameSchema } from '#shared/text.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { check } from '../../part/check.ts';
import { confirm } from '../../part/confirm-store.ts';
import { Facts } from '../../part/facts.tsx';
import { Field } from '../../part/field.tsx';
import { displayCount } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { Select } from '../../part/select.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import { useForm } from '../../part/use-form.ts';
import { FormPanel } from '../form-panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { useReference } from '../references.ts';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import { ReEnrolDialog } from './re-enrol-dialog.tsx';
import { clockText, TerminalState } from './terminal-state.tsx';
import { placesText } from './text.ts';

const changeSchema = z.strictObject({ name: nameSchema(60), location_id: locationIdSchema });
type Draft = { name: string; location_id: string };

const draftOf = ({ name, location_id }: OfficeTerminal): Draft => ({ name, location_id });

/** One terminal: what is known of it, its name and place, and the way out of service. */
export function TerminalPanel({
  terminal: given,
  onChanged,
  onClose,
}: {
  terminal: OfficeTerminal;
  onChanged: () => void;
  onClose: () => void;
}) {
  const [terminal, setTerminal] = useState(given);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isReEnrolling, setReEnrolling] = useState(false);
  const locations = useReference('locations');
  const nameOf = (id: string) => locations.find(({ location_id }) => location_id === id)?.name ?? '';
  const form = useForm({
    start: draftOf(terminal),
    isLocked: terminal.state === 'revoked',
    check: (draft) => check(changeSchema, draft),
    save: async ({ name, location_id }) => {
      await till.office.terminals.change({
        params: { terminal_id: terminal.terminal_id },
        headers: ifMatch(terminal.version),
        body: {
          ...(name !== terminal.name && { name }),
          ...(location_id !== terminal.location_id && { location_id }),
        },
      });
      say(officeText.saved(name));
      onChanged();
    },
    reload: async () => {
      const { items } = await till.office.terminals.list({ text: terminal.code, limit: 200 });
      const now = items.find(({ terminal_id }) => terminal_id === terminal.terminal_id) ?? terminal;
      setTerminal(now);
      return draftOf(now);
    },
  });
  const revoke = async () => {
    const yes = await confirm({
      title: placesText.revokeTitle(terminal.name),
      detail: placesText.revokeDetail,
      consequences: placesText.revokeConsequences,
      action: placesText.revokeAction,
      keep: officeText.keepIt,
      tone: 'danger',
    });
    if (!yes) return;
    try {
      await till.office.terminals.revoke({ terminal_id: terminal.terminal_id });
      say(placesText.revoked(terminal.name));
      onChanged();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <>
      <FormPanel
        title={terminal.name}
        detail={`${terminal.code} · ${terminal.location_name}`}
        form={form}
        words={{ name: placesText.name, location_id: [placesText.terminalLocation, nameOf] }}
        save={terminal.state === 'revoked' ? undefined : officeText.save}
        others={
          terminal.state !== 'revoked' && (
            <Button size="l" tone="quiet" icon="lock" isDisabled={form.isDirty} onPress={revoke}>
              {placesText.revoke}
            </Button>
          )
        }
        onClose={onClose}
      >
        <ProblemNotice problem={problem} />
        {terminal.state !== 'revoked' && (
          <Notice
            tone={terminal.state === 'frozen' ? 'warn' : 'info'}
            title={terminal.state === 'frozen' ? placesText.copiesTitle : placesText.replaceTitle}
            detail={terminal.state === 'frozen' ? placesText.copiesDetail : placesText.replaceDetail}
          >
            <Button icon="qr" isDisabled={form.isDirty} onPress={() => setReEnrolling(true)}>
              {placesText.reEnrol}
            </Button>
          </Notice>
        )}
        <Facts
          facts={[
            [placesText.state, <StateLine key="state" state={terminal.state} />],
            [
              placesText.lastSeen,
              terminal.last_seen_at === null
                ? placesText.unknown
                : displayInstant(terminal.last_seen_at, machineZone),
            ],
            [placesText.clock, clockText(terminal.clock_offset_ms)],
            [placesText.operations, displayCount(terminal.last_seq)],
            [placesText.enrolledAt, displayInstant(terminal.enrolled_at, machineZone)],
          ]}
        />
        <Field {...form.text('name')} label={placesText.name} hint={placesText.nameHint} maxLength={60} />
        <Select
          label={placesText.terminalLocation}
          hint={placesText.moveHint}
          placeholder={officeText.choose}
          choices={locations.map(({ location_id, name }) => [location_id as string, name])}
          chosen={form.draft.location_id}
          error={form.fault('location_id')}
          isDisabled={form.isLocked}
          onChoose={(location_id) => form.change({ location_id })}
        />
      </FormPanel>
      {isReEnrolling && (
        <ReEnrolDialog
          terminal={terminal}
          onClose={(isMade) => (isMade ? onChanged() : setReEnrolling(false))}
        />
      )}
    </>
  );
}

const StateLine = ({ state }: { state: OfficeTerminal['state'] }) => (
  <>
    <TerminalState state={state} /> {placesText.stateHints[state]}
  </>
);
