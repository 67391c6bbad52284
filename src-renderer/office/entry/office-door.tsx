import { useState } from 'react';
import { Button } from '../../part/button.tsx';
import card from '../../part/card.module.css';
import { Notice } from '../../part/notice.tsx';
import { Brand } from '../../people/brand.tsx';
import { useTill } from '../../people/till-store.ts';
import { closeOffice } from '../session.ts';
import type { Ended } from '../session-store.ts';
import { AcceptInvitation } from './accept-invitation.tsx';
import styles from './door.module.css';
import { NewPassword } from './new-password.tsx';
import { PasswordSignIn } from './password-sign-in.tsx';
import { entryText } from './text.ts';

type Way = 'password' | 'invitation' | 'reset';

/** The way into the office: with a password, with an invitation, or with a code for a new password. */
export function OfficeDoor({ why }: { why: Ended | null }) {
  const [way, setWay] = useState<Way>('password');
  const isEnrolled = useTill(({ state }) => state?.terminal != null);
  return (
    <main className={card.screen}>
      <section className={card.card}>
        <header className={card.head}>
          <Brand />
          <Button tone="quiet" icon="back" onPress={closeOffice}>
            {isEnrolled ? entryText.toTill : entryText.toEnrolment}
          </Button>
        </header>
        {why !== null && way === 'password' && (
          <Notice tone={why === 'left' ? 'ok' : 'info'} title={entryText.ended[why]} />
        )}
        <Way way={way} />
        <footer className={styles.others}>
          {way === 'password' ? (
            <>
              <Button tone="quiet" icon="mail" onPress={() => setWay('invitation')}>
                {entryText.haveInvitation}
              </Button>
              <Button tone="quiet" icon="key" onPress={() => setWay('reset')}>
                {entryText.haveCode}
              </Button>
            </>
          ) : (
            <Button tone="quiet" icon="back" onPress={() => setWay('password')}>
              {entryText.toSignIn}
            </Button>
          )}
        </footer>
      </section>
    </main>
  );
}

function Way({ way }: { way: Way }) {
  switch (way) {
    case 'password':
      return <PasswordSignIn />;
    case 'invitation':
      return <AcceptInvitation />;
    case 'reset':
      return <NewPassword />;
  }
}
