import { member } from '../access.ts';
import { listAudit } from './list-audit.ts';

export const auditRoutes = {
  list: member.audit.list.handler(({ input, context: { tx, actor } }) => listAudit(tx, actor, input)),
};
