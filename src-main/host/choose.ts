import { existsSync } from 'node:fs';
import path from 'node:path';
import { app, type MessagePortMain } from 'electron';
import type { Log } from '../log.ts';
import type { StartDataProcess } from '../supervise.ts';
import { startAsNodeChild } from './node.ts';
import { keepOutputIn } from './output.ts';
import { startAsUtilityProcess } from './utility.ts';

/** better-sqlite3 13 speaks this Node-API version: Node ≥ 22.14 and Electron ≥ 35 have it. Older ones abort. */
const neededNodeApi = 10;

type HostOptions = {
  entry: string;
  args: readonly string[];
  /** The Node that the environment named, if it did. */
  named: string | null;
  dataLog: Log;
  log: Log;
};

/** How this runtime runs the data process, by name for people, and the function that starts one. */
export const chooseHost = ({
  entry,
  args,
  named,
  dataLog,
  log,
}: HostOptions): { name: string; start: StartDataProcess<MessagePortMain> } => {
  const keepOutput = keepOutputIn(dataLog);
  const found = nodeFor(named);
  if (found.isOurs) {
    return { name: 'utility process', start: startAsUtilityProcess(entry, args, keepOutput) };
  }
  const node = found.path;
  return {
    name: node === null ? 'no Node to run it with' : `Node child of ${path.basename(node)}`,
    start: (events) => {
      if (node === null) {
        throw new Error(
          'This Electron is too old to hold the data process, and TILLDOCK_NODE names no Node ≥ 22',
        );
      }
      return startAsNodeChild({ node, entry, args, keepOutput, log })(events);
    },
  };
};

/** Whether this Electron can run what needs SQLite itself; if not, the Node that can, where there is one. */
export const nodeFor = (named: string | null): { isOurs: true } | { isOurs: false; path: string | null } =>
  Number(process.versions.napi ?? 0) >= neededNodeApi
    ? { isOurs: true }
    : { isOurs: false, path: findNode(named) };

/**
 * The Node to run the data process with: the one named, else the one packed beside the app (`resources/node/`),
 * else the one the project pins, if this is its `dist/app`.
 */
const findNode = (named: string | null): string | null => {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [
    ...(named === null ? [] : [named]),
    path.join(process.resourcesPath, 'node', program),
    path.join(app.getAppPath(), '..', '..', 'node_modules', 'node', 'bin', program),
  ];
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
};
