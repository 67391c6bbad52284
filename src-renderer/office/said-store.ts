import { create } from 'zustand';
import { announce } from '../part/announce.tsx';

/** What was just done, shown for a while and read out. */
export const useSaid = create<{ said: string | null }>()(() => ({ said: null }));

/** How long it stays, in ms. */
const stays = 6_000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says that something was done. */
export function say(text: string): void {
  clearTimeout(timer);
  useSaid.setState({ said: text });
  announce(text);
  timer = setTimeout(() => useSaid.setState({ said: null }), stays);
}
