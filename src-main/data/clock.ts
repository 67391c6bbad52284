import { mintId } from './mint-id.ts';

/** The two clocks of the machine: one for people, one that never jumps. */
export type Clock = {
  /** Wall clock, milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Milliseconds since this process started; never goes back. */
  readonly monotonicMs: () => number;
  /** Names the run of the process that `monotonicMs` counts from. */
  readonly boot_id: string;
};

export const systemClock = (): Clock => ({
  wallMs: Date.now,
  monotonicMs: () => Math.trunc(performance.now()),
  boot_id: mintId(),
});

/** The instant now, as operations carry it. */
export const nowOf = (clock: Clock): string => new Date(clock.wallMs()).toISOString();
