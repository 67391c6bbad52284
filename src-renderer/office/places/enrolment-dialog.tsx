import { useState } from 'react';
import type { LocationId } from '#shared/ids.ts';
import { till } from '../../api.ts';
import { Button } from '../../part/button.tsx';
import { Dialog, DialogActions } from '../../part/dialog.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { Select } from '../../part/select.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { useReference, useReferenceProblem } from '../references.ts';
import { officeText } from '../text.ts';
import { EnrolmentCode, type MadeCode } from './enrolment-code.tsx';
import styles from './enrolment-dialog.module.css';
import { placesText } from './text.ts';

/** Makes a code with which a new device becomes a terminal of a location, and shows it. */
export function EnrolmentDialog({ onClose }: { onClose: () => void }) {
  const locations = useReference('locations');
  const references = useReferenceProblem();
  const [chosen, setChosen] = useState<LocationId | null>(null);
  const [made, setMade] = useState<(MadeCode & { location: string }) | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isMaking, setMaking] = useState(false);
  const location =
    locations.find(({ location_id }) => location_id === chosen) ??
    (locations.length === 1 ? locations[0] : undefined);
  const make = async () => {
    if (location === undefined || isMaking) return;
    setMaking(true);
    setProblem(null);
    try {
      const { code } = await till.office.terminals.makeCode({ location_id: location.location_id });
      setMade({ code, location: location.name, madeAt: Date.now() });
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setMaking(false);
    }
  };
  return (
    <Dialog
      title={made ? placesText.codeFor(made.location) : placesText.codeTitle}
      shape="wide"
      onClose={onClose}
    >
      <ProblemNotice problem={problem ?? references} />
      {made ? (
        <EnrolmentCode made={made} steps={placesText.codeSteps} onAnother={() => setMade(null)} />
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <p className={styles.detail}>{placesText.codeDetail}</p>
          <Select
            label={placesText.location}
            placeholder={officeText.choose}
            choices={locations.map(({ location_id, name }) => [location_id, name])}
            chosen={location?.location_id ?? null}
            onChoose={setChosen}
          />
          <DialogActions>
            <Button size="l" onPress={onClose}>
              {officeText.cancel}
            </Button>
            <Button size="l" tone="primary" icon="qr" type="submit" isDisabled={location === undefined}>
              {isMaking ? placesText.makingCode : placesText.makeCode}
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  );
}
