import { onTestFinished } from 'vitest';
import type { KindVersions } from '#shared/sync/kind-versions.ts';
import { OPERATION_KINDS, type OperationKind } from '#shared/sync/operation.ts';

/** Another version of the program, for the rest of the test: one to which a kind of operation has this past. */
export function playVersions(kind: OperationKind, versions: KindVersions): void {
  const kinds: Record<string, KindVersions> = OPERATION_KINDS;
  const real = OPERATION_KINDS[kind];
  kinds[kind] = versions;
  onTestFinished(() => {
    kinds[kind] = real;
  });
}
