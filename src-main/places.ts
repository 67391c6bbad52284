import path from 'node:path';

/** Where the parts of the built app lie. The build mirrors the source tree (`build.ts`). */
export type Places = { preload: string; renderer: string; data: string };

/**
 * The places inside `appFolder`, which is `dist/app` or the archive made of it. What the data process runs lies
 * beside the archive: its native modules must be files, and a plain Node cannot look into an archive.
 */
export const placesIn = (appFolder: string): Places => ({
  preload: path.join(appFolder, 'src-main', 'preload.cjs'),
  renderer: path.join(appFolder, 'src-renderer'),
  data: path.join(appFolder.replace(/\.asar$/, '.asar.unpacked'), 'src-main', 'data', 'process.mjs'),
});
