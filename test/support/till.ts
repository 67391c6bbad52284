import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserId } from '#shared/ids.ts';
import {
  type Connection,
  type DataProcess,
  forkDataProcess,
  type TillClient,
} from '../../src-main/data/client.ts';

/** A till's data process over files of its own, which can be killed and started again. */
export type TestTill = {
  readonly folder: string;
  readonly till: TillClient;
  readonly process: DataProcess;
  readonly signIn: (user: UserId, pin: string) => Promise<void>;
  /** Signs in to the back office; answers with the handle, which this till's calls carry from then on. */
  readonly enterOffice: (as: { username: string; password: string; server_url?: string }) => Promise<string>;
  /** SIGKILL, then a new process over the same files; the session goes on. */
  readonly crash: () => Promise<void>;
  /** A copy of the folder as it is while nothing runs over it. */
  readonly image: () => Promise<string>;
  /** Ends the process, puts the files of such a copy in the place of its own, and starts again. */
  readonly putBack: (image: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * @param on where its folder is made, for instance on a small disk
 * @param image what its folder holds when it starts: another till's, as it was copied
 */
export async function testTill({
  on = tmpdir(),
  image,
  ...options
}: {
  autosync?: boolean;
  onLog?: (text: string) => void;
  on?: string;
  preload?: URL;
  image?: string;
} = {}): Promise<TestTill> {
  const folder = await mkdtemp(join(on, 'tilldock-till-'));
  if (image !== undefined) await cp(image, folder, { recursive: true });
  const start = () => forkDataProcess({ ...options, folder, autosync: options.autosync ?? false });
  let child = await start();
  let connection: Connection = child.connect();
  let session: string | null = null;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await child.exited;
  };
  const restart = async () => {
    child = await start();
    connection = child.connect();
    connection.setSession(session);
  };
  return {
    folder,
    get till() {
      return connection.client;
    },
    get process() {
      return child;
    },
    signIn: async (user, pin) => {
      ({ session } = await connection.client.people.signIn({ user_id: user, pin }));
      connection.setSession(session);
    },
    enterOffice: async (as) => {
      const { office_session } = await connection.client.office.signIn(as);
      connection.setOfficeSession(office_session);
      return office_session;
    },
    crash: async () => {
      await end('SIGKILL');
      await restart();
    },
    image: async () => {
      await end('SIGTERM');
      const copy = await mkdtemp(join(on, 'tilldock-image-'));
      await cp(folder, copy, { recursive: true });
      await restart();
      return copy;
    },
    putBack: async (copy) => {
      await end('SIGTERM');
      await rm(folder, { recursive: true });
      await cp(copy, folder, { recursive: true });
      await restart();
    },
    close: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
