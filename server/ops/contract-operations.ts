import type { Access } from '#shared/contract/access.ts';
import { central } from '#shared/contract/central.ts';

/** A route of the contract: where it is, and whom it serves. */
export type ContractOperation = {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly needs: Access['needs'];
};

type Described = {
  readonly '~orpc': {
    readonly meta: Access;
    readonly route: { method?: string; path?: string; tags?: readonly string[]; summary?: string };
  };
};

/** Every route of the HTTP API, in the order of the contract. */
export const contractOperations = (): ContractOperation[] => operationsIn(central);

function operationsIn(part: object): ContractOperation[] {
  if ('~orpc' in part) {
    const { meta, route } = (part as Described)['~orpc'];
    const { method = 'POST', path = '', tags = [], summary = '' } = route;
    return [{ method, path, tag: tags[0] ?? '', summary, needs: meta.needs }];
  }
  return Object.values(part).flatMap(operationsIn);
}
