import { useEffect, useId } from 'react';
import { create } from 'zustand';
import { confirm } from '../part/confirm-store.ts';
import { officeText } from './text.ts';

/** The forms in which something was typed that has not been saved. */
const useUnsaved = create<{ forms: ReadonlySet<string> }>()(() => ({ forms: new Set() }));

/** Whether something was typed that has not been saved. */
export const hasUnsaved = (): boolean => useUnsaved.getState().forms.size > 0;

/** Says of a form whether something unsaved stands in it, for as long as it is shown. */
export function useUnsavedMark(isDirty: boolean): void {
  const form = useId();
  useEffect(() => {
    if (!isDirty) return;
    useUnsaved.setState(({ forms }) => ({ forms: new Set(forms).add(form) }));
    return () =>
      useUnsaved.setState(({ forms }) => ({ forms: new Set([...forms].filter((other) => other !== form)) }));
  }, [form, isDirty]);
}

/** Goes somewhere else; asks first where that would throw away what was typed. */
export async function leave(go: () => void): Promise<void> {
  if (hasUnsaved()) {
    const yes = await confirm({
      title: officeText.unsavedTitle,
      detail: officeText.unsavedDetail,
      action: officeText.discard,
      keep: officeText.keepEditing,
      tone: 'danger',
    });
    if (!yes) return;
    useUnsaved.setState({ forms: new Set() });
  }
  go();
}
