import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Configuration, build as pack } from 'electron-builder';
import { buildApp } from './build.ts';

/** The first Electron whose own Node can hold the data process (Node-API 10). */
const firstWithNodeApi10 = 35;

const project = path.resolve(import.meta.dirname, '..');

type PackOptions = {
  /** Only the unpacked app, no installer. */
  dir: boolean;
  /** Leave the fuse on by which a debugger attaches to the main process; for the tests, in a folder of its own. */
  inspectable: boolean;
};

/**
 * Builds the app and packs it for this platform as `electron-builder.yml` says. Native packages are those
 * installed here, so each platform packs for itself.
 */
export const packApp = async ({ dir, inspectable }: PackOptions): Promise<void> => {
  await buildApp();
  const config: Configuration = {
    extends: path.join(project, 'electron-builder.yml'),
    // "No" to collecting and rebuilding packages: what the app needs of them is in dist/app already.
    beforeBuild: async () => false,
    ...(inspectable && {
      electronFuses: { enableNodeCliInspectArguments: true },
      directories: { output: 'dist/inspectable' },
    }),
    ...distributionAtHand(process.env.ELECTRON_OVERRIDE_DIST_PATH),
  };
  await pack({ projectDir: project, config, dir, publish: 'never' });
};

/**
 * Where an Electron distribution is at hand, packs with it instead of downloading one. One that is too old to
 * hold the data process gets the Node that the project pins packed beside it, and keeps out of the fuses that
 * it does not know.
 */
const distributionAtHand = (electronDist: string | undefined): Partial<Configuration> => {
  if (!electronDist) return {};
  const electronVersion = readFileSync(path.join(electronDist, 'version'), 'utf8').trim().replace(/^v/, '');
  const major = Number(electronVersion.split('.')[0]);
  if (major >= firstWithNodeApi10) return { electronDist, electronVersion };
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    electronDist,
    electronVersion,
    extraResources: [{ from: path.join(project, 'node_modules/node/bin', program), to: `node/${program}` }],
  };
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: { dir: { type: 'boolean', default: false }, inspectable: { type: 'boolean', default: false } },
  });
  await packApp(values);
}
