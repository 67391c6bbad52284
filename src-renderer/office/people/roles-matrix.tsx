import { PERMISSIONS, type Permission } from '#shared/people/permission.ts';
import { ADMIN } from '#shared/people/role.ts';
import { Checkbox } from '../../part/checkbox.tsx';
import { cx } from '../../part/cx.ts';
import { areaOf, roleName } from './role-words.ts';
import styles from './roles-matrix.module.css';
import { permissionsOf, type Role, tick, useRoles } from './roles-store.ts';
import { staffText } from './text.ts';

const areas = [...new Set(PERMISSIONS.map(areaOf))];

/** A row for each permission, a column for each role; heads and names stay in view. */
export function RolesMatrix({ roles, mayChange }: { roles: readonly Role[]; mayChange: boolean }) {
  const ticked = useRoles((state) => state.ticked);
  return (
    <div className={styles.scroll}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col" className={cx(styles.role, styles.corner)}>
              {staffText.permission}
            </th>
            {roles.map(({ code }) => (
              <th key={code} scope="col" className={cx(styles.role, code in ticked && styles.touched)}>
                {roleName(code)}
              </th>
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
              <PermissionRow key={permission} permission={permission} roles={roles} mayChange={mayChange} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function PermissionRow({
  permission,
  roles,
  mayChange,
}: {
  permission: Permission;
  roles: readonly Role[];
  mayChange: boolean;
}) {
  const ticked = useRoles((state) => state.ticked);
  const words = staffText.permissions[permission];
  return (
    <tr>
      <th scope="row" className={styles.permission}>
        {words}
        <span className={styles.code}>{permission}</span>
      </th>
      {roles.map((role) => {
        const isHeld = permissionsOf({ ticked }, role).includes(permission);
        return (
          <td
            key={role.code}
            className={cx(styles.cell, isHeld !== role.permissions.includes(permission) && styles.differs)}
          >
            <Checkbox
              isAlone
              label={staffText.cell(roleName(role.code), words)}
              isSelected={isHeld}
              isDisabled={!mayChange || role.code === ADMIN}
              onChange={(isNow) => tick(role, permission, isNow)}
            />
          </td>
        );
      })}
    </tr>
  );
}
