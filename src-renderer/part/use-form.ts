import { type RefObject, useRef, useState } from 'react';
import { refusalOf } from '../api.ts';
import { announce } from './announce.tsx';
import { type Checked, type Faults, faultOf, sentence } from './check.ts';
import { explain, type Problem } from './problem.ts';
import { sameAs } from './same-as.ts';
import { partText } from './text.ts';

type Options<Draft extends object, Value> = {
  /** What stands in the form at first. */
  start: Draft;
  /** Only to be read. */
  isLocked?: boolean;
  check: (draft: Draft) => Checked<Value>;
  /** Sends it; throws what went wrong. */
  save: (value: Value, draft: Draft) => Promise<unknown>;
  /** Reads anew what the form was made from, where a save finds that somebody has changed it meanwhile. */
  reload?: () => Promise<Draft>;
  /** What stands in the form after it was saved; what was saved, where absent. */
  after?: Draft;
};

/** The names of those fields of a draft that are lines of text. */
type TextName<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] &
  string;

/** A form that is being filled in. */
export type Form<Draft extends object> = {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly fault: (path: string) => string | undefined;
  /** The value, the change handler and the fault of a line of text. */
  readonly text: (name: TextName<Draft>) => {
    value: string;
    onChange: (value: string) => void;
    error: string | undefined;
    isDisabled: boolean;
  };
  readonly isLocked: boolean;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly problem: Problem | null;
  /** What the form was made from, and what that has become meanwhile; null while nobody else has changed it. */
  readonly stale: { readonly before: Draft; readonly now: Draft } | null;
  /** After somebody else's change: goes on with theirs where nothing was typed here, or with theirs alone. */
  readonly goOn: (keep: 'mine' | 'theirs') => void;
  readonly submit: () => void;
  /** Goes on the form's element, so that the first wrong field can be found in it. */
  readonly element: RefObject<HTMLFormElement | null>;
};

/** Keeps what is typed into a form, checks it, sends it, and shows at each field what is wrong with it. */
export function useForm<Draft extends object, Value>(options: Options<Draft, Value>): Form<Draft> {
  const [base, setBase] = useState(options.start);
  const [draft, setDraft] = useState(options.start);
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [now, setNow] = useState<Draft | null>(null);
  const [isSaving, setSaving] = useState(false);
  const { isLocked = false } = options;
  const element = useRef<HTMLFormElement>(null);

  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setFaults((before) => without(before, Object.keys(part)));
  };
  const showFaults = (found: Faults) => {
    setFaults(found);
    announce(partText.fieldsWrong(Object.keys(found).length), 'assertive');
    // The fields show that they are wrong after the next drawing.
    requestAnimationFrame(() => focusFirstWrong(element.current));
  };
  const fail = async (error: unknown) => {
    const explained = explain(error);
    if (explained.code === 'stale_version' && options.reload) {
      setNow(await options.reload());
      return;
    }
    const { atFields, others } = sortFaults(error, draft);
    if (Object.keys(atFields).length > 0) showFaults(atFields);
    if (Object.keys(atFields).length === 0 || others.length > 0) {
      setProblem(others.length > 0 ? { ...explained, detail: others.join(' ') } : explained);
    }
  };
  const submit = async () => {
    if (isSaving) return;
    setProblem(null);
    const checked = options.check(draft);
    if (!checked.ok) return showFaults(checked.faults);
    setSaving(true);
    try {
      await options.save(checked.value, draft);
      setBase(options.after ?? draft);
      if (options.after) setDraft(options.after);
    } catch (error) {
      await fail(error).catch((second: unknown) => setProblem(explain(second)));
    } finally {
      setSaving(false);
    }
  };
  return {
    draft,
    change,
    fault: (path) => faultOf(faults, path),
    text: (name) => ({
      value: String(draft[name]),
      onChange: (value) => change({ [name]: value } as unknown as Partial<Draft>),
      error: faultOf(faults, name),
      isDisabled: isLocked,
    }),
    isLocked,
    isDirty: !sameAs(draft, base),
    isSaving,
    problem,
    stale: now && { before: base, now },
    goOn: (keep) => {
      if (!now) return;
      setDraft(keep === 'mine' ? merged(base, draft, now) : now);
      setBase(now);
      setNow(null);
    },
    submit,
    element,
  };
}

/** Mine where I changed it, otherwise theirs. */
function merged<Draft extends object>(before: Draft, mine: Draft, theirs: Draft): Draft {
  const changed = Object.entries(mine).filter(([name, value]) => !sameAs(value, Reflect.get(before, name)));
  return { ...theirs, ...Object.fromEntries(changed) };
}

const without = (faults: Faults, fields: readonly string[]): Faults =>
  Object.fromEntries(
    Object.entries(faults).filter(([path]) => !fields.includes(path.split(/[.[]/, 1)[0] ?? path)),
  );

/** What the server found wrong: at the fields of this form, and what belongs to none of them. */
function sortFaults(error: unknown, draft: object): { atFields: Faults; others: string[] } {
  const atFields: Record<string, string> = {};
  const others: string[] = [];
  for (const { path, message } of refusalOf(error)?.errors ?? []) {
    if ((path.split(/[.[]/, 1)[0] ?? '') in draft) atFields[path] ??= sentence(message);
    else others.push(`${path} ${message}.`);
  }
  return { atFields, others };
}

function focusFirstWrong(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector('[data-invalid]');
  const control = wrong?.matches('input, textarea, button')
    ? wrong
    : wrong?.querySelector('input:not([aria-hidden=true] input), textarea, button');
  if (control instanceof HTMLElement) control.focus();
}
