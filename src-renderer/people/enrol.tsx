import { useState } from 'react';
import { Form } from 'react-aria-components';
import { enrolmentCodeSchema } from '#shared/contract/central.ts';
import { readEnrolmentLink } from '#shared/people/enrolment-link.ts';
import { till } from '../api.ts';
import { OfficeButton } from '../office/office-button.tsx';
import { Button } from '../part/button.tsx';
import card from '../part/card.module.css';
import { cx } from '../part/cx.ts';
import { Field } from '../part/field.tsx';
import { Notice } from '../part/notice.tsx';
import { explain, type Problem } from '../part/problem.ts';
import { Brand } from './brand.tsx';
import { peopleText } from './text.ts';
import { takeTillState } from './till-store.ts';

type Draft = { server_url: string; code: string; name: string };
type Faults = Partial<Record<keyof Draft, string>>;

/** Makes this machine a terminal: server, one-time code and a name. */
export function Enrol() {
  const [draft, setDraft] = useState<Draft>({ server_url: '', code: '', name: '' });
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = (name: keyof Draft) => ({
    name,
    value: draft[name],
    error: faults[name],
    onChange: (value: string) => {
      // What the office shows as a picture holds both, wherever the scanner types it.
      const scanned = readEnrolmentLink(value);
      setDraft({ ...draft, ...(scanned ?? { [name]: value }) });
      setFaults(scanned ? {} : ({ [name]: _fixed, ...others }) => others);
    },
  });
  const submit = async () => {
    const found = faultsOf(draft);
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    setProblem(null);
    try {
      takeTillState(await till.terminal.enrol(trimmed(draft)));
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };
  return (
    <main className={card.screen}>
      <section className={card.card}>
        <header className={card.head}>
          <Brand />
          <OfficeButton />
        </header>
        <h1 className={card.title}>{peopleText.enrolTitle}</h1>
        <p className={card.detail}>{peopleText.enrolDetail}</p>
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
        <Form
          className={cx(card.form)}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field
            {...field('server_url')}
            label={peopleText.server}
            hint={peopleText.serverHint}
            type="url"
            validationBehavior="aria"
            autoFocus
          />
          <Field {...field('code')} label={peopleText.code} hint={peopleText.codeHint} isCode />
          <Field
            {...field('name')}
            label={peopleText.name}
            hint={peopleText.nameHint}
            placeholder={peopleText.namePlaceholder}
            maxLength={60}
          />
          <Button type="submit" tone="primary" size="l" icon="device" wide isDisabled={isBusy}>
            {isBusy ? peopleText.enrolling : peopleText.enrol}
          </Button>
        </Form>
      </section>
    </main>
  );
}

const trimmed = ({ server_url, code, name }: Draft): Draft => ({
  server_url: server_url.trim().replace(/\/+$/, ''),
  code,
  name: name.trim(),
});

function faultsOf(draft: Draft): Faults {
  const { server_url, code, name } = trimmed(draft);
  const faults: Faults = {};
  if (!/^https?:\/\/[^/\s]+/.test(server_url)) faults.server_url = peopleText.badServer;
  if (!enrolmentCodeSchema.safeParse(code).success) faults.code = peopleText.badCode;
  if (name === '') faults.name = peopleText.needed;
  return faults;
}
