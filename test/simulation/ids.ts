import { v7 as real } from 'uuid';

/** UUIDv7 that remembers nothing from one call to the next. */
export const v7 = (): string =>
  real({ random: crypto.getRandomValues(new Uint8Array(16)), msecs: Date.now() });

/** In the place of src-main/data/mint-id.ts. */
export const mintId = v7;
