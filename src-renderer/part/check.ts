import type { z } from 'zod';
import { issuePath } from '#shared/contract/problem.ts';
import { partText } from './text.ts';

/** What is wrong with a form, in sentences, by the path of the field: `name`, `rates[1].rate_ppm`. */
export type Faults = Readonly<Record<string, string>>;

/** A typed text that is not what its field wants. It stands where the value would, and says why. */
export type Unreadable = { readonly unreadable: string };

/** What a form comes to: the value to send, or what is wrong with it. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: Faults };

/** Checks what was entered with the very schema by which the server will check it. */
export function check<Schema extends z.ZodType>(schema: Schema, entered: unknown): Checked<z.output<Schema>> {
  const result = schema.safeParse(entered, { error: inWords });
  if (result.success) return { ok: true, value: result.data };
  const faults: Record<string, string> = {};
  for (const { path, message } of result.error.issues) {
    faults[issuePath(path)] ??= whyUnreadable(entered, path) ?? sentence(message);
  }
  return { ok: false, faults };
}

/** The first fault of a field, or of something within it. */
export function faultOf(faults: Faults, field: string): string | undefined {
  const found = Object.keys(faults).find(
    (path) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  );
  return found === undefined ? undefined : faults[found];
}

/** What a program says of a field (“must be a UUID”) as a sentence below it. */
export const sentence = (message: string): string => {
  const text = message.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
};

/** Words for what schemas say by themselves only in their own language. */
const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return partText.needed;
    case 'invalid_value':
    case 'invalid_union':
      return partText.choose;
    case 'too_small':
      if (issue.origin === 'array') return partText.chooseSome;
      return issue.origin === 'string' ? partText.needed : partText.atLeast(String(issue.minimum));
    case 'too_big':
      return issue.origin === 'string'
        ? partText.atMostLetters(String(issue.maximum))
        : partText.atMost(String(issue.maximum));
    default:
      return undefined;
  }
};

function whyUnreadable(entered: unknown, path: readonly PropertyKey[]): string | undefined {
  let value = entered;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  if (typeof value !== 'object' || value === null || !('unreadable' in value)) return undefined;
  return String(value.unreadable);
}
