import { member } from '../access.ts';
import { readMe } from './me.ts';

export const authRoutes = {
  me: member.auth.me.handler(({ context }) => readMe(context.tx, context.actor)),
};
