import type { UserId } from '#shared/ids.ts';
import {
  type Connection,
  type DataProcess,
  forkDataProcess,
  type TillClient,
} from '../src-main/data/client.ts';
import { pick, type Random } from './random.ts';

/** The till's data process, killed at random moments and started again over the same files. */
export type CrashingTill = {
  /** Makes a call; when the process dies under it, makes it again, with the same ids, to the next one. */
  readonly call: <Value>(ask: (till: TillClient) => Promise<Value>) => Promise<Value>;
  readonly signIn: (user: UserId, pin: string) => Promise<void>;
  /** Kills the process a moment from now, whatever it is doing then. */
  readonly killSoon: () => void;
  readonly kills: () => number;
  readonly stop: () => Promise<void>;
};

/** A kill falls within so many milliseconds: about the time of a few commits. */
const KILL_WITHIN_MS = 12;
/** A call that failed because its process died is told apart from one that was refused within this time. */
const DEATH_SHOWS_WITHIN_MS = 100;

export async function startTill(folder: string, random: Random): Promise<CrashingTill> {
  let child: DataProcess = await forkDataProcess({ folder });
  let connection: Connection = child.connect();
  let session: string | null = null;
  let kills = 0;
  let stopped = false;
  /** Set while a process is dead and its successor not yet there: all calls under way wait for the one. */
  let successor: Promise<void> | undefined;
  const succeed = () => {
    if (stopped) return;
    successor = (async () => {
      child = await forkDataProcess({ folder });
      connection = child.connect();
      connection.setSession(session);
      child.exited.then(succeed);
      successor = undefined;
    })();
    // Where it could not be started, the next call says so.
    successor.catch(() => {});
  };
  child.exited.then(succeed);

  const call: CrashingTill['call'] = async (ask) => {
    for (;;) {
      await successor;
      const asked = child;
      try {
        return await ask(connection.client);
      } catch (error) {
        // The answer was lost with the process: whether the call took effect shows when it is made again.
        const died = asked.exited.then(() => true);
        const alive = new Promise<false>((resolve) => setTimeout(resolve, DEATH_SHOWS_WITHIN_MS, false));
        if (!(await Promise.race([died, alive]))) throw error;
      }
    }
  };
  return {
    call,
    signIn: async (user, pin) => {
      ({ session } = await call((till) => till.people.signIn({ user_id: user, pin })));
      connection.setSession(session);
    },
    killSoon: () => {
      const victim = child;
      setTimeout(
        () => {
          if (victim !== child || successor) return;
          kills += 1;
          victim.kill('SIGKILL');
        },
        pick(random, KILL_WITHIN_MS),
      );
    },
    kills: () => kills,
    stop: async () => {
      stopped = true;
      await successor?.catch(() => {});
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}
