import { randomUUID } from 'node:crypto';
import type { World } from './world.ts';

/**
 * Puts the companies' rows back to what they are now, after `ms`: a point-in-time restore. As its operators must, it
 * gives the database another epoch.
 */
export async function restoreCentre(world: World, ms: number): Promise<void> {
  const { stage, tell, met, shops } = world;
  const companies = shops.map((shop) => shop.company_id);
  const saved = await stage.save(companies);
  tell('the centre is saved');
  world.later(ms, async () => {
    met('restored centre');
    tell('the centre is restored');
    for (const server of stage.servers) await server.crash(1500);
    await stage.forget(companies);
    await stage.putBack(saved);
    await stage.newEpoch(randomUUID());
    world.restores += 1;
  });
}
