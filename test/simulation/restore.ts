import { randomUUID } from 'node:crypto';
import { archive, checkRestored } from './archive.ts';
import type { World } from './world.ts';

/**
 * Puts the companies' rows back to what they are now, after `ms`.
 * @param by a point-in-time restore, whose operators give the database another epoch as they must; or a replica that was
 *   behind and took over, of which nobody says anything
 */
export async function restoreCentre(world: World, by: 'restore' | 'failover', ms: number): Promise<void> {
  const { stage, tell, met, shops } = world;
  const companies = shops.map((shop) => shop.company_id);
  const saved = await stage.save(companies);
  tell('the centre is saved');
  await archive(world);
  world.saved += 1;
  world.later(ms, async () => {
    met(by === 'restore' ? 'restored centre' : 'failover');
    tell(`the centre goes back: ${by}`);
    for (const server of stage.servers) await server.crash(1500);
    await stage.forget(companies);
    await stage.putBack(saved);
    if (by === 'restore') await stage.newEpoch(randomUUID());
    await stage.newTimeline(randomUUID());
    world.restores += 1;
    world.saved -= 1;
    if (world.plan.archives) await checkRestored(world);
  });
}
