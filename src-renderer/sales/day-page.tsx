import { cx } from '../part/cx.ts';
import styles from './day-page.module.css';

/** The frame of the day's pages: what it is about, the work, and what it comes to with the buttons below. */
export function DayPage({
  title,
  detail,
  foot,
  children,
}: {
  title: string;
  detail?: string;
  foot: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <section className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {detail && <p className={styles.detail}>{detail}</p>}
      </header>
      <div className={styles.body}>{children}</div>
      <footer className={styles.foot}>{foot}</footer>
    </section>
  );
}

/** A figure with its name, large. */
export function BigFigure({
  name,
  value,
  tone = 'plain',
}: {
  name: string;
  value: string;
  tone?: 'plain' | 'ok' | 'warn';
}) {
  return (
    <p className={styles.big}>
      <span className={styles.bigName}>{name}</span>
      <output className={cx(styles.bigValue, styles[tone])}>{value}</output>
    </p>
  );
}
