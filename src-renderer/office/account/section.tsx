import styles from './section.module.css';

/** A part of the account page. */
export const Section = ({
  title,
  detail,
  children,
}: {
  title: string;
  detail?: string;
  children: React.ReactNode;
}) => (
  <section className={styles.section}>
    <h2 className={styles.title}>{title}</h2>
    {detail && <p className={styles.detail}>{detail}</p>}
    {children}
  </section>
);
