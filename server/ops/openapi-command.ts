import { writeFile } from 'node:fs/promises';
import { openApiDocument } from './openapi.ts';

const COPY = new URL('../../docs/openapi.json', import.meta.url);

/** The OpenAPI document as `docs/openapi.json` holds it. */
export const openApiText = async (): Promise<string> =>
  `${JSON.stringify(await openApiDocument(), null, 2)}\n`;

/** `npm run openapi` writes the checked-in copy anew, after a change of the contract. */
if (import.meta.main) await writeFile(COPY, await openApiText());
