import { useState } from 'react';
import { ProgressBar } from 'react-aria-components';
import { noteSchema } from '#shared/sync/decision.ts';
import { till } from '../../api.ts';
import { announce } from '../../part/announce.tsx';
import { Button } from '../../part/button.tsx';
import { check } from '../../part/check.ts';
import { cx } from '../../part/cx.ts';
import { Dialog, DialogActions } from '../../part/dialog.tsx';
import { Field } from '../../part/field.tsx';
import { displayCount } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { officeText } from '../text.ts';
import { leave, useUnsavedMark } from '../unsaved-store.ts';
import styles from './replay-all-dialog.module.css';
import { exceptionsText } from './text.ts';

type Stage =
  | { at: 'asking'; fault: string | undefined; problem: Problem | null }
  | { at: 'running' }
  | { at: 'done'; words: string };

/** Applies everything again that may have been repaired: asks why, shows that it goes on, and what came of it. */
export function ReplayAllDialog({ onChanged, onClose }: { onChanged: () => void; onClose: () => void }) {
  const [note, setNote] = useState('');
  const [stage, setStage] = useState<Stage>({ at: 'asking', fault: undefined, problem: null });
  useUnsavedMark(stage.at === 'asking' && note !== '');
  const replay = async () => {
    const checked = check(noteSchema, note);
    if (!checked.ok) {
      setStage({ at: 'asking', fault: Object.values(checked.faults)[0], problem: null });
      return;
    }
    setStage({ at: 'running' });
    try {
      const { applied, left } = await till.office.exceptions.replayAll({ note: checked.value });
      const words = exceptionsText.replayed(displayCount(applied), displayCount(left));
      announce(words);
      setStage({ at: 'done', words });
    } catch (error) {
      setStage({ at: 'asking', fault: undefined, problem: explain(error) });
    }
    onChanged();
  };
  return (
    <Dialog title={exceptionsText.replayAllTitle} onClose={() => leave(onClose)}>
      {stage.at === 'asking' && (
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            replay();
          }}
        >
          <ProblemNotice problem={stage.problem} />
          <ul className={styles.points}>
            {exceptionsText.replayAllPoints.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <Field
            label={exceptionsText.note}
            hint={exceptionsText.noteHint}
            error={stage.fault}
            value={note}
            maxLength={500}
            autoFocus
            onChange={setNote}
          />
          <DialogActions>
            <Button size="l" onPress={() => leave(onClose)}>
              {officeText.cancel}
            </Button>
            <Button size="l" tone="primary" icon="sync" type="submit">
              {exceptionsText.replayAllDo}
            </Button>
          </DialogActions>
        </form>
      )}
      {stage.at === 'running' && (
        <div className={styles.form}>
          <ProgressBar className={cx(styles.bar)} aria-label={exceptionsText.replaying} isIndeterminate>
            <span className={styles.moving} />
          </ProgressBar>
          <p>{exceptionsText.replaying}</p>
        </div>
      )}
      {stage.at === 'done' && (
        <div className={styles.form}>
          <Notice tone="ok" title={exceptionsText.replayedTitle} detail={stage.words} />
          <DialogActions>
            <Button size="l" tone="primary" autoFocus onPress={onClose}>
              {officeText.close}
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  );
}
