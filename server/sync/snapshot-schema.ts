import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileSchemaText, migrationText } from '#shared/sync/catalog-file.ts';

const FOLDER = new URL('../../migrations/terminal/catalog/', import.meta.url);

/** A step of the schema of `catalog.db`, with the SHA-256 of its text. */
type Step = {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
};

/** The schema of a catalogue's file as this version has it. `checksum` names it. */
export type FileSchema = { readonly steps: readonly Step[]; readonly checksum: string };

/** Reads the steps that tills of this version run on their own files. */
export function readFileSchema(): FileSchema {
  const steps = readdirSync(FOLDER)
    .sort()
    .map((name, index) => {
      const text = migrationText(readFileSync(new URL(name, FOLDER), 'utf8'));
      return { number: index + 1, name, text, checksum: sha256(text) };
    });
  return { steps, checksum: sha256(fileSchemaText(steps.map((step) => step.checksum))) };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
