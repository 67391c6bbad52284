import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What the demo is asked to do. */
export type DemoOptions = {
  /** A file of invoices; every row is rung, returned, adjusted or named as rejected. */
  readonly tickets: string;
  /** A catalogue to import first; codes that only the invoices know are added to it. */
  readonly catalogue: string | undefined;
  /** Decides tenders, searches and the moments of the crashes. */
  readonly seed: number;
  readonly json: boolean;
};

/** A mistake on the command line. */
export class UsageError extends Error {}

export const USAGE = `npm run demo -- [--tickets FILE] [--catalogue FILE] [--seed N] [--json]
  --tickets    invoices as CSV: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
  --catalogue  items as CSV or TSV, gzip too; without one, the sample's, or what the invoices name
  --seed       a whole number: the same one makes the same choices (1)
  --json       the last line is one JSON object
`;

const sample = (name: string): string => fileURLToPath(new URL(`sample/${name}`, import.meta.url));

export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parse(args);
  const seed = Number(values.seed ?? '1');
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`--seed: ${values.seed} is not a whole number.`);
  return {
    tickets: values.tickets ?? sample('invoices.csv'),
    catalogue: values.catalogue ?? (values.tickets === undefined ? sample('catalogue.csv') : undefined),
    seed,
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        tickets: { type: 'string' },
        catalogue: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
