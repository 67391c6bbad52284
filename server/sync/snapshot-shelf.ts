import type { Stats } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompanyId } from '#shared/ids.ts';
import { type SignedSnapshot, signedSnapshotSchema } from '#shared/sync/snapshot.ts';
import { isOurs } from './snapshot-key.ts';

/**
 * The finished snapshots of this server, a folder for each company: `HASH.zst`, and `HASH.json` with what was
 * signed. Several servers may have one folder; one that has another builds its own.
 */
export type Shelf = { readonly folder: string; readonly secret: Uint8Array };

const HOUR_MS = 3_600_000;
/** What nobody asked for in so long is built again when somebody does. */
const NEWEST_KEPT_MS = 30 * 24 * HOUR_MS;
/** A download of the file before the newest may go on for so long. */
const BEFORE_KEPT_MS = HOUR_MS;
/** Of files that are older still, one may just be in the making by another server that has the same folder. */
const OTHERS_KEPT_MS = 60_000;
/** What a build leaves that died. */
const DRAFT_KEPT_MS = HOUR_MS;

/** How the folder of a build begins, among the finished files. */
export const DRAFT = 'building-';

export const companyFolder = (shelf: Shelf, companyId: CompanyId): string => join(shelf.folder, companyId);

export const packedPath = (shelf: Shelf, { file }: SignedSnapshot): string =>
  join(companyFolder(shelf, file.company_id), `${file.sha256}.zst`);

const labelOf = (packed: string): string => packed.replace(/zst$/, 'json');

/** The snapshots of a company that are whole and that we signed, newest first. */
export async function snapshotsOf(shelf: Shelf, companyId: CompanyId): Promise<SignedSnapshot[]> {
  const names = (await namesIn(companyFolder(shelf, companyId))).filter((name) => name.endsWith('.json'));
  const found = await Promise.all(names.map((name) => readSnapshot(shelf, companyId, name)));
  return found
    .filter((one) => one !== null)
    .sort((left, right) => right.file.built_at.localeCompare(left.file.built_at));
}

async function readSnapshot(
  shelf: Shelf,
  companyId: CompanyId,
  name: string,
): Promise<SignedSnapshot | null> {
  const text = await readFile(join(companyFolder(shelf, companyId), name), 'utf8').catch(unlessGone);
  const read = signedSnapshotSchema.safeParse(parsed(text ?? ''));
  if (!read.success || read.data.file.company_id !== companyId || !isOurs(shelf.secret, read.data))
    return null;
  const packed = await statOf(packedPath(shelf, read.data));
  return packed?.size === read.data.file.bytes ? read.data : null;
}

/** Puts a finished file on the shelf: first the file, then what makes it count. */
export async function shelve(shelf: Shelf, packed: string, snapshot: SignedSnapshot): Promise<void> {
  const target = packedPath(shelf, snapshot);
  await rename(packed, target);
  const label = labelOf(target);
  await writeFile(`${label}.new`, JSON.stringify(snapshot));
  await rename(`${label}.new`, label);
}

/** Remembers that somebody wanted it. */
export async function touch(shelf: Shelf, snapshot: SignedSnapshot): Promise<void> {
  const now = new Date();
  const packed = packedPath(shelf, snapshot);
  await Promise.all([packed, labelOf(packed)].map((path) => utimes(path, now, now).catch(unlessGone)));
}

/** Removes what is outdated, unused, or was left by a build that died: at most two files of a company stay. */
export async function tidy(shelf: Shelf, companyId: CompanyId): Promise<void> {
  const folder = companyFolder(shelf, companyId);
  const [newest, before] = (await snapshotsOf(shelf, companyId)).map(({ file }) => file.sha256);
  const keptFor = (name: string): number => {
    const [stem] = name.split('.', 1);
    if (stem === newest) return NEWEST_KEPT_MS;
    if (stem === before) return BEFORE_KEPT_MS;
    return name.startsWith(DRAFT) ? DRAFT_KEPT_MS : OTHERS_KEPT_MS;
  };
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await statOf(path);
    if (found && Date.now() - found.mtimeMs > keptFor(name)) await rm(path, { recursive: true, force: true });
  }
}

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(unlessGone)) ?? [];

const statOf = async (path: string): Promise<Stats | undefined> => stat(path).catch(unlessGone);

/** There is no such folder yet, or another server that has the same one removed the file a moment ago. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
