import { useEffect } from 'react';
import { officeContract } from '#shared/contract/office.ts';
import { Button } from '../../part/button.tsx';
import { confirm } from '../../part/confirm-store.ts';
import { Notice } from '../../part/notice.tsx';
import { useMay } from '../me.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { say } from '../said-store.ts';
import { officeText } from '../text.ts';
import { useUnsavedMark } from '../unsaved-store.ts';
import { roleName } from './role-words.ts';
import { RolesMatrix } from './roles-matrix.tsx';
import styles from './roles-screen.module.css';
import { changedRoles, forgetRoles, readRoles, saveRoles, undoTicks, useRoles } from './roles-store.ts';
import { staffText } from './text.ts';

/** What people of each role may do, role by role and permission by permission. */
export function RolesScreen() {
  const state = useRoles();
  const mayChange = useMay(officeContract.roles.change);
  const changed = changedRoles(state);
  const breaches = changed.filter(({ breach }) => breach !== null);
  useUnsavedMark(changed.length > 0);
  useEffect(() => {
    readRoles();
    return forgetRoles;
  }, []);
  const save = async () => {
    const yes = await confirm({
      title: staffText.saveRolesTitle,
      detail: staffText.saveRolesDetail(changed.map(({ role }) => roleName(role.code)).join(', ')),
      consequences: staffText.saveRolesConsequences,
      action: staffText.saveRoles,
      keep: officeText.cancel,
      tone: 'primary',
    });
    if (yes && (await saveRoles())) say(staffText.rolesSaved);
  };
  return (
    <section className={styles.screen}>
      <header className={styles.head}>
        <div className={styles.words}>
          <h1 className={styles.title}>{staffText.rolesTitle}</h1>
          <p className={styles.detail}>{staffText.rolesTitleDetail}</p>
        </div>
        {mayChange && (
          <div className={styles.actions}>
            {changed.length > 0 && (
              <span className={styles.changed}>{staffText.rolesChanged(changed.length)}</span>
            )}
            <Button size="l" icon="undo" isDisabled={changed.length === 0} onPress={undoTicks}>
              {staffText.undoRoles}
            </Button>
            <Button
              size="l"
              tone="primary"
              icon="check"
              isDisabled={changed.length === 0 || breaches.length > 0}
              onPress={save}
            >
              {state.isSaving ? officeText.saving : staffText.saveRoles}
            </Button>
          </div>
        )}
      </header>
      <ProblemNotice problem={state.problem} onRetry={readRoles} />
      {state.roles && (
        <div className={styles.card}>
          <RolesMatrix roles={state.roles} mayChange={mayChange} />
        </div>
      )}
      {breaches.map(({ role }) => (
        <Notice
          key={role.code}
          tone="warn"
          title={staffText.breach(roleName(role.code))}
          detail={staffText.breachDetail}
        />
      ))}
    </section>
  );
}
