import type { Theme } from '#shared/contract/shell.ts';

const dark = () => window.matchMedia('(prefers-color-scheme: dark)');
const contrast = () => window.matchMedia('(prefers-contrast: more)');

let chosen: Theme = 'system';

/** Puts the chosen look on the page. What is left to the machine is followed while it changes. */
export function applyTheme(theme: Theme): void {
  chosen = theme;
  paint();
}

/** Begins to follow the machine's own look. */
export function followMachine(): void {
  dark().addEventListener('change', paint);
  contrast().addEventListener('change', paint);
  paint();
}

function paint(): void {
  const { dataset } = document.documentElement;
  const isDark = chosen === 'dark' || (chosen !== 'light' && dark().matches);
  dataset.theme = isDark ? 'dark' : 'light';
  dataset.contrast = chosen === 'contrast' || contrast().matches ? 'more' : 'normal';
}
