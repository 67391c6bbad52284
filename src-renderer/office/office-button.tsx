import type { Permission } from '#shared/people/permission.ts';
import { Button } from '../part/button.tsx';
import { useSession } from '../people/session-store.ts';
import { openOffice } from './session.ts';
import { officeText } from './text.ts';

/** Who has any of these finds something to do in the office. */
const worthIt: readonly Permission[] = [
  'user.view',
  'user.invite',
  'user.manage',
  'warehouse.manage',
  'lookup.manage',
  'terminal.enrol',
];

/** The way to the office for whoever stands before a locked till, or one that is not enrolled yet. */
export const OfficeButton = () => (
  <Button tone="quiet" icon="office" onPress={openOffice}>
    {officeText.office}
  </Button>
);

/** The same on the rail of an unlocked till, for those who have something to do there. */
export function OfficeOnRail() {
  const permissions = useSession(({ session }) => session?.permissions ?? []);
  if (!worthIt.some((permission) => permissions.includes(permission))) return null;
  return (
    <Button tone="quiet" icon="office" stacked onPress={openOffice}>
      {officeText.office}
    </Button>
  );
}
