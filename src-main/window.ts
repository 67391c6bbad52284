import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import type { Theme, WindowChoices } from '#shared/contract/shell.ts';
import { appOrigin } from './protocol.ts';
import type { SettingsStore, WindowPlace } from './settings.ts';

/** The smallest window in which the till screen still works, in device-independent pixels. */
const smallest = { width: 800, height: 560 };

/** Opens the one window, where and how it stood last, and keeps that place when it changes. */
export const openWindow = (settings: SettingsStore, preload: string): BrowserWindow => {
  const { window: place, kiosk, theme } = settings.get();
  applyTheme(theme);
  const window = new BrowserWindow({
    ...(place !== null && isOnScreen(place) ? placeOnly(place) : { width: 1280, height: 800 }),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    kiosk,
    title: 'Tilldock',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171a' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (place?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  keepPlace(window, settings);
  let quitting = false;
  app.once('before-quit', () => {
    quitting = true;
  });
  // A kiosk is left by its switch or by the machine, not by Alt+F4.
  window.on('close', (event) => {
    if (settings.get().kiosk && !quitting) event.preventDefault();
  });
  return window;
};

/** Loads the first page. A failure shows in the log through `did-fail-load`; the promise is the caller's to keep. */
export const loadScreens = (window: BrowserWindow): Promise<void> => window.loadURL(`${appOrigin}/`);

/** Brings the window to the front, for someone who started the app a second time. */
export const showWindow = (window: BrowserWindow): void => {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};

/** Makes the window look as chosen. */
export const applyChoices = (window: BrowserWindow, choices: WindowChoices): void => {
  applyTheme(choices.theme);
  if (window.isKiosk() !== choices.kiosk) window.setKiosk(choices.kiosk);
};

/** High contrast is the screens' own palette; to the platform it is dark or light as before. */
const applyTheme = (theme: Theme): void => {
  nativeTheme.themeSource = theme === 'contrast' ? 'system' : theme;
};

const placeOnly = ({ x, y, width, height }: WindowPlace) => ({ x, y, width, height });

/** Whether enough of the window lies on a display that is there now: a till loses its second screen some day. */
const isOnScreen = (place: WindowPlace): boolean =>
  screen.getAllDisplays().some(({ workArea }) => {
    const across =
      Math.min(place.x + place.width, workArea.x + workArea.width) - Math.max(place.x, workArea.x);
    const down =
      Math.min(place.y + place.height, workArea.y + workArea.height) - Math.max(place.y, workArea.y);
    return across >= 200 && down >= 100;
  });

const keepPlace = (window: BrowserWindow, settings: SettingsStore): void => {
  let timer: NodeJS.Timeout | undefined;
  const keep = () => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isKiosk() || window.isFullScreen() || window.isMinimized()) return;
    settings.change({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } });
  };
  // A dragged window reports every pixel; its place is written when it rests.
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', keep);
};
