import { Refusal } from './problem.ts';

/** The version that an `If-Match` header names. @throws 428 `version_needed` where there is none */
export function namedVersion(headers: { readonly 'if-match'?: string | undefined }): number {
  const tag = headers['if-match'];
  if (tag === undefined) {
    throw new Refusal(428, 'version_needed', 'Say in If-Match which version the change was made from.');
  }
  return Number(tag.slice(1, -1));
}

/** Somebody changed the row meanwhile: nothing was changed. */
export const stale = () =>
  new Refusal(412, 'stale_version', 'Somebody has changed this meanwhile. Look at it again, then change it.');
