import { useEffect, useRef } from 'react';
import { Button } from '../part/button.tsx';
import { sameAs } from '../part/same-as.ts';
import styles from './stale-notice.module.css';
import { officeText } from './text.ts';

/** What each field of a draft is called, and how its value reads where it is not plain text. */
export type FieldWords<Draft extends object> = {
  readonly [Name in keyof Draft]: string | readonly [string, (value: Draft[Name]) => string];
};

/** Says that somebody changed the row meanwhile, and in what it differs; what was typed stays where it is. */
export function StaleNotice<Draft extends object>({
  stale: { before, now },
  mine,
  words,
  onGoOn,
}: {
  stale: { before: Draft; now: Draft };
  mine: Draft;
  words: FieldWords<Draft>;
  onGoOn: (keep: 'mine' | 'theirs') => void;
}) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const names = (Object.keys(words) as (keyof Draft)[]).filter((name) => !sameAs(before[name], now[name]));
  return (
    <section ref={section} className={styles.notice} role="alert">
      <h3 className={styles.title}>{officeText.staleTitle}</h3>
      <p>{names.length === 0 ? officeText.staleElsewhere : officeText.staleDetail}</p>
      {names.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              <th scope="col">{officeText.staleBefore}</th>
              <th scope="col">{officeText.staleNow}</th>
              <th scope="col">{officeText.staleMine}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={String(name)}>
                <th scope="row">{readLabel(words, name)}</th>
                <td>{readValue(words, name, before)}</td>
                <td className={styles.now}>{readValue(words, name, now)}</td>
                <td>{sameAs(mine[name], before[name]) ? officeText.dash : readValue(words, name, mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className={styles.actions}>
        <Button onPress={() => onGoOn('mine')}>{officeText.keepMine}</Button>
        <Button onPress={() => onGoOn('theirs')}>{officeText.takeTheirs}</Button>
      </div>
    </section>
  );
}

function readLabel<Draft extends object>(words: FieldWords<Draft>, name: keyof Draft): string {
  const found = words[name];
  return typeof found === 'string' ? found : found[0];
}

function readValue<Draft extends object>(words: FieldWords<Draft>, name: keyof Draft, draft: Draft): string {
  const found = words[name];
  const value = draft[name];
  if (typeof found !== 'string') return found[1](value);
  return value === '' || value === null ? officeText.dash : String(value);
}
