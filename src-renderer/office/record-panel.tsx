import { useState } from 'react';
import { Button } from '../part/button.tsx';
import { confirm } from '../part/confirm-store.ts';
import { explain, type Problem } from '../part/problem.ts';
import { sameAs } from '../part/same-as.ts';
import { useForm } from '../part/use-form.ts';
import { FormPanel } from './form-panel.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import type { RecordKind, Versioned } from './record-kind.ts';
import { say } from './said-store.ts';
import { officeText } from './text.ts';

/** The form of one row of master data, or of a new one. */
export function RecordPanel<Value extends object, Draft extends object, Sort extends string>({
  kind,
  row: given,
  mayWrite,
  onChanged,
  onClose,
}: {
  kind: RecordKind<Value, Draft, Sort>;
  /** Null for a new one. */
  row: (Value & Versioned) | null;
  mayWrite: boolean;
  onChanged: () => void;
  onClose: () => void;
}) {
  const [row, setRow] = useState(given);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useForm<Draft, Value>({
    start: row === null ? kind.blank() : kind.draftOf(row),
    isLocked: !mayWrite,
    check: kind.check,
    save: async (value) => {
      if (row === null) await kind.calls.create(value);
      else await kind.calls.change(row, changed(kind.keys, row, value));
      say(row === null ? officeText.added(kind.nameOf(value)) : officeText.saved(kind.nameOf(value)));
      onChanged();
    },
    ...(row !== null && {
      reload: async () => {
        const now = await kind.calls.get(row);
        setRow(now);
        return kind.draftOf(now);
      },
    }),
  });
  const remove = async (gone: Value & Versioned) => {
    const yes = await confirm({
      title: officeText.removeTitle(kind.nameOf(gone)),
      detail: kind.removal,
      action: officeText.remove,
      keep: officeText.keepIt,
      tone: 'danger',
    });
    if (!yes) return;
    try {
      await kind.calls.remove(gone);
      say(officeText.removed(kind.nameOf(gone)));
      onChanged();
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <FormPanel
      title={row === null ? officeText.add(kind.one) : kind.nameOf(row)}
      size={kind.size ?? 'm'}
      form={form}
      words={kind.words}
      save={mayWrite ? (row === null ? officeText.add(kind.one) : officeText.save) : undefined}
      others={
        mayWrite &&
        row !== null && (
          <Button size="l" tone="quiet" icon="trash" isDisabled={form.isDirty} onPress={() => remove(row)}>
            {officeText.remove}
          </Button>
        )
      }
      onClose={onClose}
    >
      <ProblemNotice problem={problem} />
      <kind.Fields form={form} isNew={row === null} />
    </FormPanel>
  );
}

/** The fields that may be changed and differ. */
function changed<Value extends object>(keys: readonly string[], row: Value, value: Value): Partial<Value> {
  const entries = Object.entries(value).filter(
    ([name, now]) => !keys.includes(name) && !sameAs(now, Reflect.get(row, name)),
  );
  return Object.fromEntries(entries) as Partial<Value>;
}
