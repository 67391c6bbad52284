import { memo } from 'react';
import { PERMISSIONS, type Permission } from '#shared/people/permission.ts';
import { ADMIN } from '#shared/people/role.ts';
import { cx } from '../../part/cx.ts';
import { Scroller } from '../../part/scroller.tsx';
import { Tick } from '../../part/tick.tsx';
import { areaOf, roleName } from './role-words.ts';
import styles from './roles-matrix.module.css';
import { permissionsOf, type Role, tick, useRoles } from './roles-store.ts';
import { staffText } from './text.ts';

const areas = [...new Set(PERMISSIONS.map(areaOf))];

/** A row for each permission, a column for each role; heads and names stay in view. */
export const RolesMatrix = memo(function RolesMatrix({
  roles,
  mayChange,
}: {
  roles: readonly Role[];
  mayChange: boolean;
}) {
  return (
    <Scroller className={styles.scroll} label={staffText.rolesTitle}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col" className={cx(styles.role, styles.corner)}>
              {staffText.permission}
            </th>
            {roles.map(({ code }) => (
              <RoleHead key={code} code={code} />
            ))}
          </tr>
        </thead>
        {areas.map((area) => (
          <tbody key={area}>
            <tr>
              <th scope="rowgroup" colSpan={roles.length + 1} className={styles.area}>
                {staffText.areas[area]}
              </th>
            </tr>
            {PERMISSIONS.filter((permission) => areaOf(permission) === area).map((permission) => (
              <tr key={permission}>
                <th scope="row" className={styles.permission}>
                  {staffText.permissions[permission]}
                  <span className={styles.code}>{permission}</span>
                </th>
                {roles.map((role) => (
                  <PermissionCell
                    key={role.code}
                    role={role}
                    permission={permission}
                    isLocked={!mayChange || role.code === ADMIN}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </Scroller>
  );
});

function RoleHead({ code }: { code: string }) {
  const isTouched = useRoles(({ ticked }) => code in ticked);
  return (
    <th scope="col" className={cx(styles.role, isTouched && styles.touched)}>
      {roleName(code)}
    </th>
  );
}

/** Draws itself alone when it is ticked: the other hundreds stay as they are. */
function PermissionCell({
  role,
  permission,
  isLocked,
}: {
  role: Role;
  permission: Permission;
  isLocked: boolean;
}) {
  const isHeld = useRoles((state) => permissionsOf(state, role).includes(permission));
  const differs = isHeld !== role.permissions.includes(permission);
  return (
    <td className={cx(styles.cell, differs && styles.differs)}>
      <Tick
        label={staffText.cell(roleName(role.code), staffText.permissions[permission])}
        isTicked={isHeld}
        isDisabled={isLocked}
        onChange={(isNow) => tick(role, permission, isNow)}
      />
    </td>
  );
}
