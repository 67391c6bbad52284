import { create } from 'zustand';

/** A question before something that cannot be taken back, or only with trouble. */
export type Question = {
  title: string;
  detail: string;
  /** What will happen, point by point. */
  consequences?: readonly string[];
  /** The words of the button that goes on. */
  action: string;
  /** The words of the button that does not. */
  keep: string;
  tone: 'danger' | 'primary';
};

type Asked = { question: Question; answer: (yes: boolean) => void };

/** The question that is being asked, if one is. */
export const useConfirm = create<{ asked: Asked | null }>()(() => ({ asked: null }));

/** Asks; answers false where it was dismissed, or where another question took its place. */
export function confirm(question: Question): Promise<boolean> {
  useConfirm.getState().asked?.answer(false);
  return new Promise((resolve) => {
    useConfirm.setState({
      asked: {
        question,
        answer: (yes) => {
          useConfirm.setState({ asked: null });
          resolve(yes);
        },
      },
    });
  });
}
