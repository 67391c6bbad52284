import { useState } from 'react';
import type { LedgerCopy, RecoveryState } from '#shared/contract/recovery.ts';
import { Button } from '../../part/button.tsx';
import { confirm } from '../../part/confirm-store.ts';
import { displayCount } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { Radios } from '../../part/radios.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import styles from './recovery.module.css';
import { type Choice, goOnWith, isChecking, lookAgain, useRecovery } from './recovery-store.ts';
import { recoveryText } from './text.ts';

/** How the till can go on: with a copy, with what was read, or with a manager's code. */
export function Choices({ state }: { state: RecoveryState }) {
  const isBusy = useRecovery((recovery) => recovery.isBusy) || state.is_restoring;
  const [asked, setAsked] = useState<string | null>(null);
  const offers = offersOf(state);
  const best = offers.find(({ isGood }) => isGood);
  const chosen = offers.find(({ key, isGood }) => key === asked && isGood) ?? best;
  const isWaiting = state.salvage.phase === 'reading' || isChecking(state.backups);
  const goOn = async (choice: Choice) => {
    if (await confirm(questionOf(choice, state))) await goOnWith(choice);
  };
  return (
    <section className={styles.part} aria-labelledby="choices">
      <h2 id="choices" className={styles.heading}>
        {recoveryText.choose}
      </h2>
      {state.backups.problem && <Notice tone="warn" title={state.backups.problem} />}
      {!isWaiting && !offers.some(({ choice, isGood }) => choice.kind === 'copy' && isGood) && (
        <p>{recoveryText.noCopy}</p>
      )}
      {isChecking(state.backups) ? (
        <p role="status">{recoveryText.waiting}</p>
      ) : (
        <Radios
          label={recoveryText.ways}
          hint={recoveryText.chooseHint}
          choices={offers.map(({ key, words }) => [key, words] as const)}
          disabled={offers.filter(({ isGood }) => !isGood).map(({ key }) => key)}
          chosen={chosen?.key ?? ''}
          onChoose={setAsked}
        />
      )}
      <div className={styles.actions}>
        <Button icon="sync" size="l" isDisabled={isBusy} onPress={lookAgain}>
          {recoveryText.look}
        </Button>
        <Button
          tone="primary"
          size="l"
          icon="check"
          isDisabled={isBusy || isWaiting || !chosen}
          onPress={() => chosen && goOn(chosen.choice)}
        >
          {isBusy ? recoveryText.goingOn : recoveryText.goOn}
        </Button>
      </div>
      {state.salvage.phase === 'reading' && <p className={styles.quiet}>{recoveryText.waitForReading}</p>}
    </section>
  );
}

type Offer = { key: string; words: string; isGood: boolean; choice: Choice };

function offersOf({ salvage, backups }: RecoveryState): Offer[] {
  const isWhole = salvage.phase === 'done' && salvage.found.is_whole;
  return [
    ...backups.copies.flatMap((copy) => offerOf(copy)),
    ...(isWhole
      ? [
          {
            key: 'salvage',
            words: recoveryText.readAlone,
            isGood: true,
            choice: { kind: 'salvage' } as const,
          },
        ]
      : []),
    { key: 'anew', words: recoveryText.anew, isGood: true, choice: { kind: 'anew' } },
  ];
}

/** One that is still to be read through is not offered: the newest are read first. */
function offerOf({ name, made_at, check }: LedgerCopy): Offer[] {
  if (check.state === 'waiting') return [];
  const made = displayInstant(made_at, machineZone);
  const isGood = check.state === 'good';
  const words = isGood ? recoveryText.copy(made, check.last_receipt) : recoveryText.badCopy(made);
  return [{ key: name, words, isGood, choice: { kind: 'copy', name } }];
}

function questionOf(choice: Choice, { salvage }: RecoveryState) {
  const found = salvage.phase === 'done' ? salvage.found.tickets : 0;
  const kept =
    salvage.phase === 'cancelled'
      ? recoveryText.consequences.unread
      : recoveryText.consequences.added(displayCount(found), found);
  return {
    title: choice.kind === 'anew' ? recoveryText.sure.anew : recoveryText.sure.copy,
    detail: recoveryText.sureDetail,
    consequences:
      choice.kind === 'anew'
        ? [recoveryText.consequences.code, recoveryText.consequences.told, recoveryText.consequences.carts]
        : [kept, recoveryText.consequences.server, recoveryText.consequences.carts],
    action: recoveryText.goOn,
    keep: recoveryText.keep,
    tone: 'primary',
  } as const;
}
