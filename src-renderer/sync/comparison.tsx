import { useState } from 'react';
import { type Answers, till } from '../api.ts';
import { Button } from '../part/button.tsx';
import { Notice, type Tone } from '../part/notice.tsx';
import { useNow } from '../part/now.ts';
import { Card } from '../part/page.tsx';
import { explain, type Problem } from '../part/problem.ts';
import { displayAgo } from '../part/time.ts';
import { takeStatus, useSync } from './status-store.ts';
import { syncText } from './text.ts';
import styles from './till-screen.module.css';

type Outcome = Answers['sync']['compare']['outcome'];

const tones: Readonly<Record<Outcome, Tone>> = { same: 'ok', differs: 'warn', not_now: 'info' };

/** Whether this till's catalogue is what the server has, and a button that looks. */
export function Comparison() {
  const status = useSync((sync) => sync.status);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const now = useNow(10_000);
  const compare = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await till.sync.compare();
      takeStatus(answer.status);
      setOutcome(answer.outcome);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  const last = status?.last_compared_at ?? null;
  return (
    <Card>
      <div className={styles.setting}>
        <div>
          <h2 className={styles.title}>{syncText.comparison}</h2>
          <p>{last === null ? syncText.neverCompared : syncText.lastCompared(displayAgo(last, now))}</p>
        </div>
        <Button icon="sync" isDisabled={isBusy} onPress={compare}>
          {isBusy ? syncText.comparing : syncText.compare}
        </Button>
      </div>
      {outcome && !isBusy && <Notice tone={tones[outcome]} title={syncText.outcomes[outcome]} />}
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
    </Card>
  );
}
