import { useState } from 'react';
import { Form } from 'react-aria-components';
import { enrolmentCodeSchema } from '#shared/contract/central.ts';
import { readEnrolmentLink } from '#shared/people/enrolment-link.ts';
import { till } from '../../api.ts';
import { announce } from '../../part/announce.tsx';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Field } from '../../part/field.tsx';
import { Notice } from '../../part/notice.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { showTill } from '../../show-till.ts';
import { takeStatus } from '../../sync/status-store.ts';
import { peopleText } from '../text.ts';
import { takeTillState } from '../till-store.ts';
import styles from './enrol-again.module.css';
import { copiesText } from './text.ts';

/** Takes the code with which this machine goes on: as the same till, or under a new name. */
export function EnrolAgain({ label }: { label: string }) {
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async () => {
    const isCode = enrolmentCodeSchema.safeParse(code).success;
    setFault(isCode ? undefined : peopleText.badCode);
    if (!isCode) return;
    setBusy(true);
    setProblem(null);
    try {
      const state = await till.terminal.enrolAgain({ code });
      announce(copiesText.wentOn);
      takeTillState(state);
      takeStatus(state.sync);
      await showTill();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <Form
      className={cx(styles.form)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      <Field
        name="code"
        label={label}
        hint={peopleText.codeHint}
        error={fault}
        isCode
        value={code}
        onChange={(typed) => {
          setCode(readEnrolmentLink(typed)?.code ?? typed);
          setFault(undefined);
        }}
      />
      <Button type="submit" tone="primary" size="l" icon="device" isDisabled={isBusy}>
        {isBusy ? copiesText.goingOn : copiesText.goOn}
      </Button>
    </Form>
  );
}
