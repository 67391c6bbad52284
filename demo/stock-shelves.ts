import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Currency, formatUnitPrice } from '#shared/sales/money.ts';
import { type ImportSummary, importCatalogue } from '../server/catalogue/import/import-catalogue.ts';
import { inCompany, rows } from '../server/db.ts';
import type { InvoiceFile, InvoiceLine } from './invoices.ts';
import { progress } from './progress.ts';
import type { Stage } from './stage.ts';

/** What a catalogue without prices costs here: the demo charges what the invoices say anyway. */
const MADE_UP_PRICES = { range: '0.99..99.99' } as const;

/** Imports the named catalogue, and then the items that only the invoices know. */
export async function stockShelves(
  stage: Stage,
  catalogue: string | undefined,
  invoices: InvoiceFile,
  currency: Currency,
  signal: AbortSignal,
): Promise<number> {
  let items = 0;
  if (catalogue !== undefined) items += await importFile(stage, catalogue, signal);
  const missing = await findMissing(stage, invoices);
  if (missing.size > 0) items += await importMissing(stage, missing, currency, signal);
  return items;
}

async function importFile(stage: Stage, file: string, signal: AbortSignal): Promise<number> {
  const { size } = await stat(file);
  const shown = progress('Importing the catalogue', size);
  const summary = await importCatalogue(
    stage.db,
    stage.company.company_id,
    createReadStream(file),
    { price: MADE_UP_PRICES },
    (counts) => shown.at(counts.bytes),
    signal,
  );
  shown.end(inWords(summary));
  return summary.new;
}

/** The codes that the catalogue lacks, each with the first line that names it. */
async function findMissing(stage: Stage, invoices: InvoiceFile): Promise<Map<string, InvoiceLine>> {
  const wanted = new Map<string, InvoiceLine>();
  for (const { lines } of [...invoices.invoices, ...invoices.adjustments]) {
    for (const line of lines) if (!wanted.has(line.code)) wanted.set(line.code, line);
  }
  const known = await inCompany(stage.db, stage.company.company_id, (tx) =>
    rows<{ code: string }>(
      tx,
      `select sku as code from variant where company_id = $1 and sku = any($2::text[])
       union select code from barcode where company_id = $1 and code = any($2::text[])`,
      [tx.company_id, [...wanted.keys()]],
    ),
  );
  for (const { code } of known) wanted.delete(code);
  return wanted;
}

async function importMissing(
  stage: Stage,
  missing: ReadonlyMap<string, InvoiceLine>,
  currency: Currency,
  signal: AbortSignal,
): Promise<number> {
  const lines = ['sku,name,price'];
  for (const [code, line] of missing) {
    const price = formatUnitPrice(Math.max(0, line.unit_price_micro), currency);
    lines.push([code, line.name ?? code, price].map(quoted).join(','));
  }
  const shown = progress('Adding what invoices name', missing.size);
  const source = (async function* () {
    yield Buffer.from(`${lines.join('\n')}\n`);
  })();
  const summary = await importCatalogue(
    stage.db,
    stage.company.company_id,
    source,
    {},
    (counts) => shown.at(counts.read),
    signal,
  );
  shown.end(inWords(summary));
  if (summary.rejected > 0)
    throw new Error(`${summary.rejected} items that the invoices name could not be added`);
  return summary.new;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const inWords = (summary: ImportSummary): string =>
  `${summary.new} new items, ${summary.rejected} rejected, in ${summary.seconds.toFixed(1)} s`;
