import { useEffect, useState } from 'react';
import { till } from '../api.ts';
import { Button } from '../part/button.tsx';
import { displayCount } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { useNow } from '../part/now.ts';
import { Card } from '../part/page.tsx';
import { explain, type Problem } from '../part/problem.ts';
import { displayAgo } from '../part/time.ts';
import { takeBackups, useBackups } from './backup-store.ts';
import { syncText } from './text.ts';
import styles from './till-screen.module.css';

/** Where the copies of the ledger stand, and a button that makes one. */
export function Backups() {
  const { status } = useBackups();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const now = useNow(10_000);
  useEffect(() => {
    till.terminal.backups().then(takeBackups, (error: unknown) => setProblem(explain(error)));
  }, []);
  const copy = async () => {
    setBusy(true);
    setProblem(null);
    try {
      takeBackups(await till.terminal.backUp());
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const last = status?.last ?? null;
  return (
    <Card>
      <div className={styles.setting}>
        <div>
          <h2 className={styles.title}>{syncText.backups}</h2>
          <p>
            {last === null
              ? syncText.neverBackedUp
              : syncText.lastBackUp(displayAgo(last.at, now), displayCount(last.last_seq))}
          </p>
          <p>{status?.folder}</p>
          {status?.is_on_same_disk && <p>{syncText.sameDisk}</p>}
        </div>
        <Button icon="copy" isDisabled={isBusy} onPress={copy}>
          {isBusy ? syncText.backingUp : syncText.backUp}
        </Button>
      </div>
      {status?.problem && <Notice tone="danger" title={syncText.backupProblem} detail={status.problem} />}
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
    </Card>
  );
}
