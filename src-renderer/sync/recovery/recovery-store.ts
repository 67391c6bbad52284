import { create } from 'zustand';
import type { RecoveryState } from '#shared/contract/recovery.ts';
import { refusalCode, till } from '../../api.ts';
import { announce } from '../../part/announce.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { showTill } from '../../show-till.ts';
import { enterConnection } from '../connection-store.ts';
import { recoveryText } from './text.ts';

type Recovery = { state: RecoveryState | null; problem: Problem | null; isBusy: boolean };

/** What can be done for a till whose ledger cannot be opened. */
export const useRecovery = create<Recovery>()(() => ({ state: null, problem: null, isBusy: false }));

/** How long after an answer the next one is asked for, in ms: sooner while something is being read. */
const calm = 5_000;
const moving = 300;

/** Whether the files are being read now. */
const isReading = ({ salvage, backups }: RecoveryState): boolean =>
  salvage.phase === 'reading' || isChecking(backups);

/** Whether it is not known yet whether any copy is good. */
export const isChecking = ({ copies }: RecoveryState['backups']): boolean =>
  copies.some(({ check }) => check.state === 'waiting') &&
  !copies.some(({ check }) => check.state === 'good');

async function ask(call: () => Promise<RecoveryState>): Promise<void> {
  try {
    useRecovery.setState({ state: await call(), problem: null });
  } catch (error) {
    if (refusalCode(error) === 'not_damaged') leave();
    else useRecovery.setState({ problem: explain(error) });
  }
}

/** The ledger is sound, or sound again. */
function leave(): void {
  useRecovery.setState({ state: null, problem: null });
  enterConnection({ state: 'ready' });
  showTill();
}

/** Keeps the state fresh until the answer is called. */
export function followRecovery(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const next = async () => {
    if (!useRecovery.getState().isBusy) await ask(() => till.recovery.state());
    if (isOver) return;
    const { state } = useRecovery.getState();
    timer = setTimeout(next, state !== null && !isReading(state) ? calm : moving);
  };
  next();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

export const lookAgain = (): Promise<void> => ask(() => till.recovery.look());
export const stopReading = (): Promise<void> => ask(() => till.recovery.cancel());

/** What the till can go on with: a copy by its name, what was read, or nothing but a manager's code. */
export type Choice = { kind: 'copy'; name: string } | { kind: 'salvage' } | { kind: 'anew' };

/** Does what was chosen, and leaves this screen when it is done. */
export async function goOnWith(choice: Choice): Promise<void> {
  useRecovery.setState({ isBusy: true, problem: null });
  try {
    if (choice.kind === 'anew') await till.recovery.startAnew();
    else await till.recovery.restore({ backup: choice.kind === 'copy' ? choice.name : null });
    announce(recoveryText.done);
    leave();
  } catch (error) {
    useRecovery.setState({ problem: explain(error) });
  } finally {
    useRecovery.setState({ isBusy: false });
  }
}
