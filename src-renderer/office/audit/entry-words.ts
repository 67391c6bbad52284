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

/** What it was done to, by its name where the entry knows it. */
export function subjectWords({ before, after, key }: Pick<AuditEntry, 'before' | 'after' | 'key'>): string {
  const name = after?.name ?? before?.name;
  return typeof name === 'string' ? name : key;
}

const plain = (code: string): string => (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll('_', ' ');
