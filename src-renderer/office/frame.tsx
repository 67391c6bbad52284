import { useEffect } from 'react';
import { Button } from '../part/button.tsx';
import { Icon } from '../part/icon.tsx';
import { Brand } from '../people/brand.tsx';
import { useTill } from '../people/till-store.ts';
import { Content } from './content.tsx';
import styles from './frame.module.css';
import { useMe } from './me.ts';
import { Navigation } from './navigation.tsx';
import { forgetReferences } from './references.ts';
import { useSaid } from './said-store.ts';
import { goToSection, useSection } from './section-store.ts';
import { sectionsFor } from './sections.ts';
import { closeOffice, signOutOfOffice } from './session.ts';
import { officeText } from './text.ts';
import { leave } from './unsaved-store.ts';

/** The office of somebody who is signed in: the pages on the left, the person above, and the page that is open. */
export function Frame() {
  const me = useMe();
  const isEnrolled = useTill(({ state }) => state?.terminal != null);
  const sections = sectionsFor(me, isEnrolled);
  const chosen = useSection(({ section }) => section);
  const isAllowed = chosen === 'account' || sections.some(({ name }) => name === chosen);
  useEffect(
    () => () => {
      forgetReferences();
      useSection.setState({ section: null });
    },
    [],
  );
  const section = isAllowed && chosen !== null ? chosen : (sections[0]?.name ?? 'account');
  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <Brand isSmall />
        <p className={styles.place}>
          <span className={styles.office}>{officeText.office}</span>
          <span className={styles.company}>{me.company.name}</span>
        </p>
        <Button
          tone="quiet"
          icon="person"
          aria-label={officeText.accountOf(me.user.name)}
          onPress={() => goToSection('account')}
        >
          {me.user.name}
        </Button>
        <Button tone="quiet" icon="door" onPress={() => leave(() => signOutOfOffice())}>
          {officeText.signOut}
        </Button>
        <Button
          icon="sell"
          onPress={() =>
            leave(() => {
              signOutOfOffice();
              closeOffice();
            })
          }
        >
          {isEnrolled ? officeText.toTill : officeText.toEnrolment}
        </Button>
      </header>
      <Navigation sections={sections} open={section} />
      <main className={styles.main}>
        <Content section={section} />
      </main>
      <Said />
    </div>
  );
}

function Said() {
  const { said } = useSaid();
  return (
    <div className={styles.said}>
      {said !== null && (
        <p className={styles.words}>
          <Icon name="check" size="s" />
          {said}
        </p>
      )}
    </div>
  );
}
