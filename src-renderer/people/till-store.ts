import { create } from 'zustand';
import type { Currency } from '#shared/sales/money.ts';
import { type Answers, till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';

/** What the data process says of this terminal: who it is, its day, its means of payment, its cart. */
export type TillState = Answers['terminal']['state'];
/** The terminal itself, with the place where it stands. */
export type Terminal = NonNullable<TillState['terminal']>;

type Till = { state: TillState | null; problem: Problem | null };

/** The state of the terminal; null until the data process has told it. */
export const useTill = create<Till>()(() => ({ state: null, problem: null }));

/** Asks for the state again; a failure is kept beside the last known state. */
export async function refreshTill(): Promise<TillState | null> {
  try {
    const state = await till.terminal.state();
    useTill.setState({ state, problem: null });
    return state;
  } catch (error) {
    useTill.setState({ problem: explain(error) });
    return null;
  }
}

/** Takes in a state that another call answered with. */
export const takeTillState = (state: TillState): void => useTill.setState({ state, problem: null });

/** Takes in a part of the state that another call answered with. */
export const patchTillState = (part: Partial<TillState>): void =>
  useTill.setState(({ state }) => ({ state: state && { ...state, ...part } }));

/**
 * The terminal, where it is enrolled; only screens that exist on an enrolled till may ask.
 * @throws if the terminal is not enrolled, which is a bug of the screen that asked
 */
export function requireTerminal(): Terminal {
  return enrolled(useTill.getState().state);
}

/** As `requireTerminal`, for components. */
export const useTerminal = (): Terminal => useTill(({ state }) => enrolled(state));

/** The currency of the place where the terminal stands. */
export const useCurrency = (): Currency => useTerminal().location.currency;

function enrolled(state: TillState | null): Terminal {
  if (!state?.terminal) throw new Error('this screen needs an enrolled terminal');
  return state.terminal;
}
