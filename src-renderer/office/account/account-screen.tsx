import { useState } from 'react';
import { Button } from '../../part/button.tsx';
import { Facts } from '../../part/facts.tsx';
import { Card, Page } from '../../part/page.tsx';
import type { Problem } from '../../part/problem.ts';
import { useMe } from '../me.ts';
import { roleName } from '../people/role-words.ts';
import { useScopeText } from '../people/scope.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { signOutEverywhere } from '../session.ts';
import { officeText } from '../text.ts';
import { leave } from '../unsaved-store.ts';
import styles from './account-screen.module.css';
import { MyNameForm } from './my-name-form.tsx';
import { MyPasswordForm } from './my-password-form.tsx';
import { Section } from './section.tsx';
import { accountText } from './text.ts';

/** One's own account: name, PIN, password, and the end of all sessions. */
export function AccountScreen() {
  const { user } = useMe();
  const scopeText = useScopeText();
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <Page title={accountText.title}>
      <ProblemNotice problem={problem} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Card>
            <MyNameForm key={user.version} />
          </Card>
          <Card>
            <Section title={accountText.facts}>
              <Facts
                facts={[
                  [accountText.email, user.email ?? officeText.dash],
                  [accountText.roles, user.roles.map(roleName).join(', ')],
                  [accountText.sees, scopeText(user.scope)],
                ]}
              />
            </Section>
          </Card>
        </div>
        <div className={styles.column}>
          <Card>
            <MyPasswordForm />
          </Card>
          <Card>
            <Section title={accountText.everywhereTitle} detail={accountText.everywhereDetail}>
              <Button
                size="l"
                icon="door"
                onPress={() => leave(async () => setProblem(await signOutEverywhere()))}
              >
                {accountText.everywhere}
              </Button>
            </Section>
          </Card>
        </div>
      </div>
    </Page>
  );
}
