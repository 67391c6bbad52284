import { useEffect } from 'react';
import type { RecoveryState } from '#shared/contract/recovery.ts';
import { announce } from '../../part/announce.tsx';
import { Icon } from '../../part/icon.tsx';
import { Notice } from '../../part/notice.tsx';
import { Brand } from '../../people/brand.tsx';
import { useTill } from '../../people/till-store.ts';
import { Facts } from '../facts.tsx';
import { Choices } from './choices.tsx';
import styles from './recovery.module.css';
import { followRecovery, useRecovery } from './recovery-store.ts';
import { Salvage } from './salvage.tsx';
import { recoveryText } from './text.ts';

/** Shown when the ledger cannot be opened: what it means, what can be read of it, and how the till goes on. */
export function Recovery() {
  const { state, problem } = useRecovery();
  const said = useTill((till) => till.problem);
  const code = state?.code ?? recoveryCode(said?.code);
  const words = recoveryText.standing[code];
  useEffect(followRecovery, []);
  useEffect(() => announce(`${words.title}. ${words.lead}`, 'assertive'), [words]);
  return (
    <main className={styles.screen}>
      <article className={styles.recovery} aria-labelledby="recovery">
        <Brand />
        <header className={styles.alarm}>
          <Icon name="alert" size="xl" />
          <h1 id="recovery" className={styles.title}>
            {words.title}
          </h1>
        </header>
        <p className={styles.lead}>{words.lead}</p>
        {state === null && !problem && <p role="status">{recoveryText.asking}</p>}
        {state?.code === 'ledger_damaged' && (
          <>
            <Salvage salvage={state.salvage} />
            <Choices state={state} />
          </>
        )}
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
        <Facts />
        {state !== null && (
          <section className={styles.part} aria-labelledby="said">
            <h2 id="said" className={styles.heading}>
              {recoveryText.said}
            </h2>
            <p className={styles.quiet}>{state.message}</p>
          </section>
        )}
      </article>
    </main>
  );
}

/** What the refusal of a call says of the ledger, until the till says more. */
const recoveryCode = (code: string | undefined): RecoveryState['code'] =>
  code === 'ledger_too_new' || code === 'ledger_in_use' || code === 'disk_failed' ? code : 'ledger_damaged';
