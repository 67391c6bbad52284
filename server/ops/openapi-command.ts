import { writeFile } from 'node:fs/promises';
import { accessMatrix } from './access-matrix.ts';
import { openApiDocument } from './openapi.ts';

const DOCS = new URL('../../docs/', import.meta.url);

/** The OpenAPI document as `docs/openapi.json` holds it. */
export const openApiText = async (): Promise<string> =>
  `${JSON.stringify(await openApiDocument(), null, 2)}\n`;

/** `npm run openapi` writes what is made from the contract anew: the OpenAPI document and the access matrix. */
if (import.meta.main) {
  await writeFile(new URL('openapi.json', DOCS), await openApiText());
  await writeFile(new URL('access-matrix.md', DOCS), accessMatrix());
}
