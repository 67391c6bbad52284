import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The process of one of our clusters that all its others belong to: they end when it is killed. */
export const postmasterOf = async (folder: string): Promise<number> =>
  Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
