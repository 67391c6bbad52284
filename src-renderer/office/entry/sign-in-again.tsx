import { Form as AriaForm, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { z } from 'zod';
import { Button } from '../../part/button.tsx';
import card from '../../part/card.module.css';
import { check } from '../../part/check.ts';
import { confirm } from '../../part/confirm-store.ts';
import { cx } from '../../part/cx.ts';
import { Notice } from '../../part/notice.tsx';
import { SecretField } from '../../part/secret-field.tsx';
import { useForm } from '../../part/use-form.ts';
import { useTill } from '../../people/till-store.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { signInToOffice } from '../session.ts';
import { enterOffice, type Office } from '../session-store.ts';
import { officeText } from '../text.ts';
import { atTheDoor } from './at-door.ts';
import styles from './sign-in-again.module.css';
import { entryText } from './text.ts';

const againSchema = z.strictObject({ password: z.string().min(1).max(1000) });

/** Stands over everything, opaque, while a session is over and something unsaved waits for its person. */
export function SignInAgain({ office }: { office: Extract<Office, { at: 'interrupted' }> }) {
  const { user } = office.session.me;
  const isEnrolled = useTill(({ state }) => state?.terminal != null);
  const form = useForm({
    start: { password: '' },
    check: (draft) => check(againSchema, draft),
    save: ({ password }) =>
      signInToOffice(user.email ?? '', password, isEnrolled ? '' : office.session.server_url),
  });
  const giveUp = async () => {
    const yes = await confirm({
      title: entryText.somebodyElseTitle,
      detail: entryText.somebodyElseDetail(user.name),
      action: officeText.discard,
      keep: officeText.keepIt,
      tone: 'danger',
    });
    if (yes) enterOffice({ at: 'door', why: office.why });
  };
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className={cx(styles.curtain)} data-modal>
      <Modal className={cx(styles.box)}>
        <Dialog className={cx(styles.dialog)}>
          <section className={styles.card}>
            <Heading slot="title" className={cx(card.title)}>
              {entryText.againTitle}
            </Heading>
            <Notice tone="info" title={entryText.ended[office.why]} />
            <p className={card.detail}>{entryText.againDetail(user.name)}</p>
            <ProblemNotice problem={atTheDoor(form.problem)} />
            <AriaForm
              ref={form.element}
              className={cx(card.form)}
              validationBehavior="aria"
              onSubmit={(event) => {
                event.preventDefault();
                form.submit();
              }}
            >
              <SecretField {...form.text('password')} label={entryText.password} kind="password" autoFocus />
              <Button type="submit" tone="primary" size="l" icon="door" wide>
                {form.isSaving ? entryText.signingIn : entryText.signIn}
              </Button>
              <Button tone="quiet" onPress={giveUp}>
                {entryText.somebodyElse}
              </Button>
            </AriaForm>
          </section>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
