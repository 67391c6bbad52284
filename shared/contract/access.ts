import { oc } from '@orpc/contract';
import type { Permission } from '../people/permission.ts';

/**
 * Whom a route of the HTTP API serves: whoever has a permission, everybody who is signed in, enrolled terminals,
 * or anyone at all. The server's checks, the OpenAPI document and `docs/access-matrix.md` are made from it.
 */
export type Access = { readonly needs: Permission | 'signed in' | 'terminal' | 'nothing' };

/** The beginning of every route of the contract; one that says nothing else serves everybody who is signed in. */
export const route = oc.$meta<Access>({ needs: 'signed in' });
