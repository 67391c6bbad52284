import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientLink } from '@orpc/client';
import { type Connection, type DataProcess, forkDataProcess } from '../../src-main/data/client.ts';
import { tillLink } from '../../src-renderer/api.ts';
import { refreshPeople, signIn, usePeople } from '../../src-renderer/people/people-store.ts';
import { useSession } from '../../src-renderer/people/session-store.ts';
import { refreshTill } from '../../src-renderer/people/till-store.ts';
import { type StockedItem, seedTill } from './seed-till.ts';

/** The screen's own stores over a real data process, without a page. */
export type StoreTill = {
  /** Unlocks the till as somebody of the demo shop. */
  readonly signInAs: (name: string, pin: string) => Promise<void>;
  /** SIGKILL, then a new process over the same files; what is in flight is made again by the stores' link. */
  readonly crash: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts a till with these items, and puts the stores' link on it. */
export async function storeTill(stock: readonly StockedItem[]): Promise<StoreTill> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-stores-'));
  await seedTill(folder, stock);
  let child: DataProcess;
  let lose = () => {};
  const start = async () => {
    child = await forkDataProcess({ folder, autosync: false });
    lose = tillLink.connect(linkOver(child.connect()));
  };
  await start();
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await child.exited;
    lose();
  };
  return {
    signInAs: async (name, pin) => {
      await refreshTill();
      await refreshPeople();
      const person = usePeople.getState().people?.find((one) => one.name === name);
      if (!person) throw new Error(`nobody is called ${name}`);
      const problem = await signIn(person, pin);
      if (problem) throw new Error(problem.detail);
    },
    crash: async () => {
      await end('SIGKILL');
      await start();
    },
    close: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A connection as a link: the stores' session is put on each call, as the screens' headers do. */
const linkOver = (connection: Connection): ClientLink<Record<never, never>> => ({
  call: (path, input) => {
    connection.setSession(useSession.getState().session?.session ?? null);
    const procedure = path.reduce<unknown>(
      (part, name) => Reflect.get(Object(part), name),
      connection.client,
    );
    return typeof procedure === 'function' ? procedure(input) : Promise.reject(new Error(path.join('.')));
  },
});
