import { realMs, settled } from './platform.ts';

/** Somebody to whom things happen: a run of a till's process, a server, a person. Nothing happens to the dead. */
export type Actor = { readonly name: string; alive: boolean; asleep_until: number };

export const newActor = (name: string): Actor => ({ name, alive: true, asleep_until: 0 });

type Event = {
  at: number;
  readonly order: number;
  readonly actor: Actor;
  run: (() => unknown) | null;
};

/**
 * What is going to happen, in virtual time. One thing happens at a time: the next begins when the program has
 * nothing left to do but wait, so that the order of everything follows from the seed.
 */
export type Schedule = {
  /** ms since 1970. */
  readonly nowMs: () => number;
  /** To whom things happen now. */
  readonly current: () => Actor;
  /** Lets something happen `ms` from now; returns how to take that back. A promise that it returns is waited for. */
  readonly after: (ms: number, actor: Actor, run: () => unknown) => () => void;
  /** Lets things happen until `done`; false where `patienceMs` of virtual time pass before. */
  readonly runUntil: (done: () => boolean, patienceMs: number) => Promise<boolean>;
  /** Lets time pass at once, in which nothing happens: everything that waits waits so much longer. */
  readonly skip: (ms: number) => void;
  readonly happened: () => number;
};

/** So much real time (ms) without an end of one event is a bug of the simulation or the program. */
const STUCK_MS = 30_000;

export function newSchedule(startMs: number): Schedule {
  const heap: Event[] = [];
  let now = startMs;
  let order = 0;
  let happened = 0;
  let skipped = 0;
  let actor = newActor('nobody');

  const after: Schedule['after'] = (ms, whom, run) => {
    order += 1;
    const event: Event = { at: now + Math.max(0, ms), order, actor: whom, run };
    push(heap, event);
    return () => {
      event.run = null;
    };
  };

  async function happen(event: Event): Promise<void> {
    const { run } = event;
    if (run === null || !event.actor.alive) return;
    if (event.actor.asleep_until > event.at) {
      after(event.actor.asleep_until - now, event.actor, run);
      return;
    }
    happened += 1;
    actor = event.actor;
    await run();
    await settled();
  }

  return {
    nowMs: () => Math.floor(now),
    current: () => actor,
    after,
    skip: (ms) => {
      now += ms;
      skipped += ms;
      for (const event of heap) event.at += ms;
    },
    happened: () => happened,
    runUntil: async (done, patienceMs) => {
      const end = now - skipped + patienceMs;
      while (!done()) {
        const event = pop(heap);
        if (!event || event.at - skipped > end) {
          if (event) push(heap, event);
          now = Math.max(now, end + skipped);
          return false;
        }
        now = Math.max(now, event.at);
        const began = realMs();
        await happen(event);
        if (realMs() - began > STUCK_MS) throw new Error(`an event of ${event.actor.name} hung`);
      }
      return true;
    },
  };
}

const before = (left: Event, right: Event): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

/** A binary heap, the earliest event first. */
function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1;
  while (index > 0) {
    const above = (index - 1) >> 1;
    const other = heap[above];
    if (!other || !before(event, other)) break;
    heap[index] = other;
    index = above;
  }
  heap[index] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let below = 2 * index + 1;
    const [left, right] = [heap[below], heap[below + 1]];
    let smaller = left;
    if (left && right && before(right, left)) {
      smaller = right;
      below += 1;
    }
    if (!smaller || before(last, smaller)) break;
    heap[index] = smaller;
    index = below;
  }
  heap[index] = last;
  return first;
}
