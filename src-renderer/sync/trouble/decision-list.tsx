import type { Decision } from '#shared/sync/decision.ts';
import { Icon, type IconName } from '../../part/icon.tsx';
import { displayInstant } from '../../part/time.ts';
import styles from './decision-list.module.css';
import { troubleText } from './text.ts';
import { deciderWords, decisionWords } from './words.ts';

const icons: Readonly<Record<Decision['action'], IconName>> = {
  accepted: 'check',
  corrected: 'exchange',
  replayed: 'sync',
  reopened: 'undo',
};

/** What is shown of a decision, wherever it was taken. */
type Shown = Pick<
  Decision,
  'decision_id' | 'action' | 'settles' | 'decided_at' | 'user' | 'approver' | 'note' | 'corrected_by'
> & { readonly terminal: { readonly code: string } | null };

/** What was decided, by whom, when and why; the first decision first. */
export function DecisionList({
  decisions,
  zone,
  badge,
}: {
  decisions: readonly Shown[];
  zone: string;
  /** Stands behind each: whether the server has it. */
  badge?: React.ReactNode;
}) {
  if (decisions.length === 0) return null;
  return (
    <section className={styles.decisions} aria-label={troubleText.decided}>
      <h3 className={styles.title}>{troubleText.decided}</h3>
      <ol className={styles.list} data-selectable>
        {decisions.map((decision) => (
          <li key={decision.decision_id} className={styles.decision}>
            <Icon name={icons[decision.action]} />
            <div className={styles.words}>
              <p className={styles.deed}>
                {decisionWords(decision)} {badge}
              </p>
              {decision.corrected_by && (
                <p>
                  {troubleText.correctedBy(decision.corrected_by.receipt_number ?? troubleText.noReceipt)}
                </p>
              )}
              <p className={styles.note}>{decision.note}</p>
              <p className={styles.who}>
                {deciderWords(decision)} · {displayInstant(decision.decided_at, zone)}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
