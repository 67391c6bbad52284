import type { AuditEntry } from '#shared/people/audit.ts';
import { Facts } from '../../part/facts.tsx';
import { Panel } from '../../part/panel.tsx';
import { Scroller } from '../../part/scroller.tsx';
import { displayInstant, machineZone } from '../../part/time.ts';
import { differencesOf } from './difference.ts';
import styles from './entry-panel.module.css';
import { deedWords, subjectWords } from './entry-words.ts';
import { auditText } from './text.ts';

/** One administrative change, field by field. */
export function EntryPanel({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const differences = differencesOf(entry);
  return (
    <Panel title={deedWords(entry)} detail={subjectWords(entry)} size="l" onClose={onClose}>
      <Scroller className={styles.scroll} label={auditText.changes}>
        <Facts
          facts={[
            [auditText.who, entry.user_name ?? auditText.server],
            [auditText.at, displayInstant(entry.at, machineZone)],
            [auditText.from, entry.ip ?? auditText.nothing],
            [auditText.key, entry.key],
            [auditText.request, entry.request_id ?? auditText.nothing],
          ]}
        />
        {differences.length === 0 ? (
          <p>{auditText.noFields}</p>
        ) : (
          <table className={styles.table} data-selectable>
            <thead>
              <tr>
                <th scope="col" className={styles.field}>
                  {auditText.field}
                </th>
                <th scope="col">{auditText.before}</th>
                <th scope="col">{auditText.after}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ field, before, after }) => (
                <tr key={field}>
                  <th scope="row">{field}</th>
                  <td>{before}</td>
                  <td className={styles.after}>{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Scroller>
    </Panel>
  );
}
