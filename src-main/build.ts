import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build as bundle } from 'esbuild';
import { build as buildScreens } from 'vite';
import { z } from 'zod';

/** Root of the project, and of the built app, which mirrors it. */
const project = path.resolve(import.meta.dirname, '..');
const built = path.join(project, 'dist', 'app');

/**
 * Packages with a compiled part: they stay packages, beside the bundle that loads them. The rest is bundled.
 * A package in `@node-rs` keeps its binary in a package of its own for each platform; the one installed is taken.
 */
const nativePackages = ['better-sqlite3', '@node-rs/argon2'] as const;

const manifestSchema = z.object({ name: z.string(), version: z.string(), description: z.string() });

/** Settings of every bundle. Source maps stay out of the packed app but make a developer's stack traces readable. */
const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  sourcemap: 'linked',
  logLevel: 'warning',
  absWorkingDir: project,
  legalComments: 'none',
};

/**
 * Builds the desktop app into `dist/app`.
 *
 * Main and preload become CommonJS for Node 18 and Chromium 114, so that Electron 25 runs them as well as a new
 * one; the data process is an ES module for Node 22; the screens are built by Vite.
 */
export const buildApp = async (): Promise<void> => {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  await Promise.all([
    bundle({
      ...common,
      entryPoints: ['src-main/main.ts'],
      outfile: path.join(built, 'src-main/main.cjs'),
      format: 'cjs',
      target: 'node18',
      external: ['electron'],
    }),
    bundle({
      ...common,
      entryPoints: ['src-main/preload.ts'],
      outfile: path.join(built, 'src-main/preload.cjs'),
      format: 'cjs',
      target: 'chrome114',
      external: ['electron'],
      minifySyntax: true,
    }),
    bundle({
      ...common,
      entryPoints: ['src-main/data/process.ts'],
      outfile: path.join(built, 'src-main/data/process.mjs'),
      format: 'esm',
      target: 'node22',
      external: [...nativePackages],
      // CommonJS packages inside an ES module ask for Node's own modules by `require`.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    }),
    buildScreens({
      configFile: path.join(project, 'src-renderer/vite.config.ts'),
      logLevel: 'warn',
      // Loaded from the disk, so one file of a megabyte is no concern.
      build: { outDir: path.join(built, 'src-renderer'), emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
    }),
  ]);
  cpSync(path.join(project, 'migrations/terminal'), path.join(built, 'migrations/terminal'), {
    recursive: true,
  });
  for (const name of nativePackages) copyNativePackage(name);
  copyNodeRsBinaries();
  writeManifest();
};

const packages = path.join(project, 'node_modules');
const builtPackages = path.join(built, 'src-main/data/node_modules');

/** Copies what a native package needs to run here: no sources, no other platform's binaries. */
const copyNativePackage = (name: string): void => {
  const { platform, arch } = process;
  cpSync(path.join(packages, name), path.join(builtPackages, name), {
    recursive: true,
    dereference: true,
    filter: (file) => {
      const inside = path.relative(path.join(packages, name), file).replaceAll(path.sep, '/');
      if (/^(deps|src|binding\.gyp|build|node_modules)(\/|$)/.test(inside)) return false;
      return !inside.endsWith('.node') || inside.endsWith(`/${platform}-${arch}.node`);
    },
  });
};

const copyNodeRsBinaries = (): void => {
  const scope = path.join(packages, '@node-rs');
  for (const name of readdirSync(scope)) {
    if (name.startsWith('argon2-'))
      cpSync(path.join(scope, name), path.join(builtPackages, '@node-rs', name), {
        recursive: true,
        dereference: true,
      });
  }
};

/** The built app's own package.json: what Electron reads, and nothing of how it was made. */
const writeManifest = (): void => {
  const { name, version, description } = manifestSchema.parse(
    JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')),
  );
  const manifest = {
    name,
    productName: 'Tilldock',
    version,
    description,
    author: 'Tilldock',
    main: 'src-main/main.cjs',
  };
  writeFileSync(path.join(built, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
};

if (import.meta.main) {
  const started = performance.now();
  await buildApp();
  console.log(`Built dist/app in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
