import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Builds the screens into `build/renderer`, for Chrome 114 (Electron 25) and everything newer.
 *
 * Nothing is inlined: the content security policy takes styles, scripts and images from the page's own origin
 * only, and a `data:` font or a module-preload script would need an exception.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  css: { transformer: 'lightningcss', lightningcss: { targets: { chrome: 114 << 16 } } },
  build: {
    outDir: '../build/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
