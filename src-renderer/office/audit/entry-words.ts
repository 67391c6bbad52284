import type { AuditEntry } from '#shared/people/audit.ts';
import { auditText } from './text.ts';

/** What an entry is about: `Person`. */
export const entityWords = (entity: string): string =>
  Object.hasOwn(auditText.entities, entity)
    ? auditText.entities[entity as keyof typeof auditText.entities]
    : plain(entity);

/** What was done: `Person locked out`. */
export function deedWords({ action, entity }: Pick<AuditEntry, 'action' | 'entity'>): string {
  const [area = entity, deed = ''] = action.split('.');
  const words = Object.hasOwn(auditText.deeds, deed)
    ? auditText.deeds[deed as keyof typeof auditText.deeds]
    : deed.replaceAll('_', ' ');
  return `${entityWords(area)} ${words}`;
}

/**
 * What it was done to: by its name, where the entry or somebody else knows it, otherwise by its key, of which the end
 * of an id is enough to tell two apart.
 */
export function subjectWords(
  { before, after, key }: Pick<AuditEntry, 'before' | 'after' | 'key'>,
  known?: string,
): string {
  const name = after?.name ?? before?.name ?? known;
  if (typeof name === 'string') return name;
  return isId.test(key) ? `…${key.slice(-8)}` : key;
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const plain = (code: string): string => (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll('_', ' ');
