import { useState } from 'react';
import type { OfficeTerminal } from '#shared/people/terminal.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { Dialog, DialogActions } from '../../part/dialog.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { officeText } from '../text.ts';
import { EnrolmentCode, type MadeCode } from './enrolment-code.tsx';
import styles from './enrolment-dialog.module.css';
import { placesText } from './text.ts';

type Props = { terminal: OfficeTerminal; onClose: (isMade: boolean) => void };

/** Says what a code for a terminal that exists does, makes it, and shows it. */
export function ReEnrolDialog({ terminal, onClose }: Props) {
  const [made, setMade] = useState<MadeCode | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isMaking, setMaking] = useState(false);
  const make = async () => {
    if (isMaking) return;
    setMaking(true);
    setProblem(null);
    try {
      const { terminal_id } = terminal;
      const { code } = await till.office.terminals.makeReEnrolCode({ terminal_id });
      setMade({ code, madeAt: Date.now() });
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setMaking(false);
    }
  };
  return (
    <Dialog
      title={placesText.reEnrolTitle(`${terminal.name} (${terminal.code})`)}
      shape="wide"
      onClose={() => onClose(made !== null)}
    >
      <ProblemNotice problem={problem} />
      {made ? (
        <EnrolmentCode made={made} steps={placesText.reEnrolSteps} onAnother={() => setMade(null)} />
      ) : (
        <div className={styles.form}>
          <ul className={styles.consequences}>
            {placesText.reEnrolConsequences.map((consequence) => (
              <li key={consequence}>{consequence}</li>
            ))}
          </ul>
          <DialogActions>
            <Button size="l" onPress={() => onClose(false)}>
              {officeText.cancel}
            </Button>
            <Button size="l" tone="primary" icon="qr" onPress={make}>
              {isMaking ? placesText.makingCode : placesText.makeCode}
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  );
}
