import { create } from 'zustand';
import { ifMatch } from '#shared/contract/list.ts';
import { PERMISSIONS, type Permission } from '#shared/people/permission.ts';
import { governanceBreach } from '#shared/people/role.ts';
import { type Answers, till } from '../../api.ts';
import { explain, type Problem } from '../../part/problem.ts';
import { sameAs } from '../../part/same-as.ts';
import { forgetReferences } from '../references.ts';
import { inRoleOrder } from './role-words.ts';

/** A role as the server knows it. */
export type Role = Answers['office']['roles']['list']['items'][number];

type Roles = {
  readonly roles: readonly Role[] | null;
  /** What was ticked here, by role; only roles that were touched. */
  readonly ticked: Readonly<Record<string, readonly Permission[]>>;
  readonly problem: Problem | null;
  readonly isSaving: boolean;
};

const untouched: Roles = { roles: null, ticked: {}, problem: null, isSaving: false };

/** The roles of the company, and what is being changed about them. */
export const useRoles = create<Roles>()(() => untouched);

/** Reads the roles anew, and forgets what was ticked. */
export async function readRoles(): Promise<void> {
  try {
    const { items } = await till.office.roles.list();
    useRoles.setState({ ...untouched, roles: inRoleOrder(items) });
  } catch (error) {
    useRoles.setState({ problem: explain(error) });
  }
}

/** Forgets the roles, and what was ticked. */
export const forgetRoles = (): void => useRoles.setState(untouched);

/** What a role may do, as it is ticked. */
export const permissionsOf = ({ ticked }: Pick<Roles, 'ticked'>, role: Role): readonly Permission[] =>
  ticked[role.code] ?? role.permissions;

/** Ticks a permission of a role, or takes it away. */
export function tick(role: Role, permission: Permission, isHeld: boolean): void {
  useRoles.setState((state) => {
    const held = new Set(permissionsOf(state, role));
    if (isHeld) held.add(permission);
    else held.delete(permission);
    const now = PERMISSIONS.filter((code) => held.has(code));
    const { [role.code]: _before, ...others } = state.ticked;
    const isSame = sameAs(
      now,
      PERMISSIONS.filter((code) => role.permissions.includes(code)),
    );
    return { ticked: isSame ? others : { ...others, [role.code]: now }, problem: null };
  });
}

/** Takes back what was ticked and not saved. */
export const undoTicks = (): void => useRoles.setState({ ticked: {}, problem: null });

/** The roles that are changed, each with why that cannot be, or null. */
export const changedRoles = (
  state: Pick<Roles, 'roles' | 'ticked'>,
): { role: Role; breach: string | null }[] =>
  (state.roles ?? [])
    .filter(({ code }) => code in state.ticked)
    .map((role) => ({ role, breach: governanceBreach(permissionsOf(state, role)) }));

/** Saves every role that was changed; answers whether all were. What was saved before a failure stays saved. */
export async function saveRoles(): Promise<boolean> {
  useRoles.setState({ isSaving: true, problem: null });
  try {
    for (const { role } of changedRoles(useRoles.getState())) {
      const saved = await till.office.roles.change({
        params: { code: role.code },
        headers: ifMatch(role.version),
        body: { permissions: [...permissionsOf(useRoles.getState(), role)] },
      });
      useRoles.setState(({ roles, ticked: { [role.code]: _saved, ...ticked } }) => ({
        roles: roles?.map((other) => (other.code === saved.code ? saved : other)) ?? null,
        ticked,
      }));
    }
    forgetReferences('roles');
    return true;
  } catch (error) {
    useRoles.setState({ problem: explain(error) });
    return false;
  } finally {
    useRoles.setState({ isSaving: false });
  }
}
