import { announce } from '../part/announce.tsx';
import { explain } from '../part/problem.ts';
import { play } from '../part/sound.ts';
import { type Feedback, useSell } from './sell-store.ts';

let last: Promise<void> = Promise.resolve();

/**
 * Does one thing to the ticket after the other, in the order they were asked for: a scanner is faster than the
 * disk, and each step builds on the cart that the step before it answered with. A failure is told on the screen
 * and does not hold up what comes after it.
 */
export function inOrder(work: () => Promise<void>): Promise<void> {
  useSell.setState(({ busy }) => ({ busy: busy + 1 }));
  last = last.then(work).then(settled, (error: unknown) => {
    const { title, detail } = explain(error);
    play('refused');
    tell({ tone: 'danger', title, detail }, 'assertive');
    settled();
  });
  return last;
}

const settled = (): void => useSell.setState(({ busy }) => ({ busy: busy - 1 }));

/** Shows the answer to the last step, and says it to whoever cannot see it. */
export function tell(
  { canUndo = false, ...feedback }: Omit<Feedback, 'canUndo'> & { canUndo?: boolean },
  urgency: 'polite' | 'assertive' = 'polite',
): void {
  useSell.setState({ feedback: { ...feedback, canUndo } });
  announce(feedback.detail === undefined ? feedback.title : `${feedback.title}. ${feedback.detail}`, urgency);
}
