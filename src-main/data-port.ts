import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import type { Log } from './log.ts';
import type { Supervisor } from './supervise.ts';

export type PortDesk = {
  /** The page wants a port, now and after every restart of the data process. */
  ask(contents: WebContents): void;
  /** The data process became ready, or closed the page's port: give a new one to whoever wants one. */
  give(): void;
};

/** A page that asks for ports faster than this (ms) waits. */
const leastPause = 250;

/**
 * Hands the page one end of a channel to the data process, a fresh one each time. Only one page wants one at a
 * time: the window has one page, and a reloaded page replaces the page before it.
 */
export const openPortDesk = (
  supervisor: Pick<Supervisor<MessagePortMain>, 'connect' | 'state'>,
  log: Log,
): PortDesk => {
  let page: WebContents | null = null;
  let lastGiven = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const give = () => {
    clearTimeout(timer);
    if (page === null || page.isDestroyed() || supervisor.state().state !== 'ready') return;
    const early = lastGiven + leastPause - performance.now();
    if (early > 0) {
      timer = setTimeout(give, early);
      return;
    }
    lastGiven = performance.now();
    const { port1, port2 } = new MessageChannelMain();
    if (!supervisor.connect(port1)) return;
    page.postMessage('shell:port', null, [port2]);
    log('info', 'port given to the page');
  };

  return {
    ask: (contents) => {
      page = contents;
      give();
    },
    give,
  };
};
