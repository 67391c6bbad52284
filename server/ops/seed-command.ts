import { openCentral } from '../central.ts';
import { readConfig } from '../config.ts';
import { seedPermissions } from '../people/seed.ts';
import { seedRoles } from '../people/seed-roles.ts';
import { requireRuntime } from '../runtime.ts';
import { runCommand, say } from './command.ts';

requireRuntime();

const USAGE = `npm run db:seed   writes the permission codes of this version, gives every company the roles that it lacks, and
                  its administrators every permission. What somebody changed stays. Harmless when repeated.
`;

runCommand(USAGE, async () => {
  const central = await openCentral(readConfig(process.env));
  try {
    await seedPermissions(central.ownerUrl);
    say('The permission codes are up to date.');
    for (const { name, roles, permissions } of await seedRoles(central.db)) {
      const news = [
        ...(roles.length > 0 ? [`new roles ${roles.join(', ')}`] : []),
        ...(permissions.length > 0 ? [`administrators may also ${permissions.join(', ')}`] : []),
      ];
      say(`${name}: ${news.length > 0 ? news.join('; ') : 'nothing was missing'}.`);
    }
  } finally {
    await central.close();
  }
});
