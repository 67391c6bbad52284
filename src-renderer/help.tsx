import styles from './help.module.css';
import { Dialog } from './part/dialog.tsx';
import { appText } from './text.ts';
import { showHelp, useView } from './view-store.ts';

/** The list of keys. */
export function Help() {
  const isOpen = useView((view) => view.isHelpOpen);
  if (!isOpen) return null;
  return (
    <Dialog title={appText.helpTitle} shape="wide" onClose={() => showHelp(false)}>
      <p className={styles.detail}>{appText.helpDetail}</p>
      <div className={styles.groups}>
        {appText.keys.map((group) => (
          <section key={group.title} className={styles.group}>
            <h2 className={styles.title}>{group.title}</h2>
            <dl className={styles.keys}>
              {group.keys.map(([key, words]) => (
                <div key={key}>
                  <dt>
                    <kbd className={styles.key}>{key}</kbd>
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
