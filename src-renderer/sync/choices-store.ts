import { create } from 'zustand';
import { themeSchema, type WindowChange, type WindowChoices } from '#shared/contract/shell.ts';
import { explain, type Problem } from '../part/problem.ts';
import { shell } from '../shell-line.ts';
import { applyTheme } from '../style/theme.ts';

/** Where a browser screen keeps its look; the desktop app keeps it in its settings. */
const themeKey = 'tilldock.theme';

type Choices = WindowChoices & { problem: Problem | null };

/** How the window looks and stands. */
export const useChoices = create<Choices>()(() => ({ theme: 'system', kiosk: false, problem: null }));

/** Reads how the window was set last, and makes it look so. */
export async function loadChoices(): Promise<void> {
  if (shell) {
    await shell
      .windowChoices()
      .then(take, (error: unknown) => useChoices.setState({ problem: explain(error) }));
    return;
  }
  const kept = themeSchema.safeParse(localStorage.getItem(themeKey));
  take({ theme: kept.success ? kept.data : 'system', kiosk: false });
}

/** Changes how the window looks or stands, and keeps that. */
export async function changeChoices(change: WindowChange): Promise<void> {
  try {
    if (shell) return take(await shell.changeWindow(change));
    if (change.theme) localStorage.setItem(themeKey, change.theme);
    take({ ...useChoices.getState(), ...defined(change) });
  } catch (error) {
    useChoices.setState({ problem: explain(error) });
  }
}

const defined = ({ theme, kiosk }: WindowChange): Partial<WindowChoices> => ({
  ...(theme !== undefined && { theme }),
  ...(kiosk !== undefined && { kiosk }),
});

function take({ theme, kiosk }: WindowChoices): void {
  useChoices.setState({ theme, kiosk, problem: null });
  applyTheme(theme);
}
