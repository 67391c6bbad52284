import styles from './page.module.css';

/** The frame of a page that is read rather than worked on: title, its buttons, and cards below. */
export function Page({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <section className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** A part of a page. */
export const Card = ({ children }: { children: React.ReactNode }) => (
  <div className={styles.card}>{children}</div>
);
