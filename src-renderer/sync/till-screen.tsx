import { Switch } from 'react-aria-components';
import type { Theme } from '#shared/contract/shell.ts';
import { cx } from '../part/cx.ts';
import { Notice } from '../part/notice.tsx';
import { Card, Page } from '../part/page.tsx';
import { Segments } from '../part/segments.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { shell } from '../shell-line.ts';
import { go } from '../view-store.ts';
import { Backups } from './backups.tsx';
import { changeChoices, useChoices } from './choices-store.ts';
import { Comparison } from './comparison.tsx';
import { Facts } from './facts.tsx';
import { syncText } from './text.ts';
import styles from './till-screen.module.css';

const themes: readonly (readonly [Theme, string])[] = [
  ['system', syncText.themes.system],
  ['light', syncText.themes.light],
  ['dark', syncText.themes.dark],
  ['contrast', syncText.themes.contrast],
];

/** This till: how its screen looks, whether its catalogue is the server's, its backups, and the facts for support. */
export function TillScreen() {
  const { theme, kiosk, problem } = useChoices();
  useShortcuts({ escape: () => go('sell') });
  return (
    <Page title={syncText.tillTitle}>
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      <Card>
        <div className={styles.setting}>
          <h2 className={styles.title}>{syncText.appearance}</h2>
          <Segments
            label={syncText.appearance}
            choices={themes}
            chosen={theme}
            onChoose={(chosen) => changeChoices({ theme: chosen })}
          />
        </div>
        {shell && (
          <Switch
            className={cx(styles.switch)}
            isSelected={kiosk}
            onChange={(isOn) => changeChoices({ kiosk: isOn })}
          >
            <span className={styles.track} />
            <span>
              <strong>{syncText.kiosk}</strong>
              <br />
              {syncText.kioskHint}
            </span>
          </Switch>
        )}
      </Card>
      <Comparison />
      <Backups />
      <Card>
        <Facts />
      </Card>
    </Page>
  );
}
