import { operationIn, positionIn, terminalIn } from './known-rows.ts';
import { type LeafRow, leafRows, type Overflow } from './leaf-rows.ts';
import { openImages, type PageImages } from './page-images.ts';
import {
  keepOperation,
  keepPosition,
  keepTerminal,
  newSalvageFile,
  type SalvageFile,
} from './salvage-file.ts';

/** Pages read, of how many. */
export type Progress = { readonly done: number; readonly total: number };

/** Pages between two words about how far it is. */
const STEP = 512;

/**
 * Reads what can be read of a damaged ledger into a file of its own. The ledger is only read, page by page and without
 * SQLite: neither its header, its schema nor the pages that lead to others need to be sound. An operation is known by
 * its hash, so nothing that was changed by the damage is taken for what was recorded.
 *
 * @param from the ledger; its write-ahead file is read too
 * @param to the file that is made
 * @returns whether somebody wrote to the ledger meanwhile: it may hold more then
 * @throws where the ledger cannot be read at all
 */
export function salvageLedger(from: string, to: string, report: (progress: Progress) => void): boolean {
  const images = openImages(from);
  const file = newSalvageFile(to);
  try {
    file.transaction(() => readAll(images, file, report))();
    return images.hasChanged();
  } finally {
    file.close();
    images.close();
  }
}

function readAll(images: PageImages, file: SalvageFile, report: (progress: Progress) => void): void {
  // What a row goes on in may have been written anew since, or lie where it was: one of the two fits its hash.
  const newest: Overflow = (page) => images.of(page)[0];
  const oldest: Overflow = (page) => images.of(page).at(-1);
  let done = 0;
  for (const { page, image } of images.all()) {
    for (const overflow of [newest, oldest]) {
      for (const row of leafRows(image, page, overflow)) keepRow(file, row);
    }
    done += 1;
    if (done % STEP === 0) report({ done, total: images.count });
  }
  report({ done, total: images.count });
}

function keepRow(file: SalvageFile, row: LeafRow): void {
  const operation = operationIn(row);
  if (operation) keepOperation(file, operation);
  const terminal = terminalIn(row);
  if (terminal) keepTerminal(file, terminal);
  const position = positionIn(row);
  if (position) keepPosition(file, position);
}
