import { v7 as uuid } from 'uuid';
import type { Approval } from '#shared/contract/till.ts';
import { dayIdSchema, type UserId } from '#shared/ids.ts';
import type { ZReport } from '#shared/sales/day.ts';
import { currencySchema, formatMoney, minor } from '#shared/sales/money.ts';
import { receiptOf } from '#shared/sales/receipt.ts';
import { receiptText } from '#shared/sales/receipt-text.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { zReceiptOf } from '#shared/sales/z-receipt.ts';
import { inCompany } from '../server/db.ts';
import { DEMO_SHOP } from '../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../server/people/enrolment.ts';
import { requireRuntime } from '../server/runtime.ts';
import { receiptPdf } from '../src-main/receipt-pdf.ts';
import { readCentralBooks, readDays, readTillBooks } from './audit.ts';
import type { CrashingTill } from './crashing-till.ts';
import { NotInvoices } from './invoice-columns.ts';
import { type InvoiceFile, readInvoices } from './invoices.ts';
import { type DemoOptions, readOptions, USAGE, UsageError } from './options.ts';
import { takePictures } from './pictures.ts';
import { note, progress } from './progress.ts';
import { pick, type Random, seededRandom } from './random.ts';
import { type Acknowledged, judge, keepFile, type Outcome, rejectedCsv, table } from './report.ts';
import { bookAdjustment, ringInvoice } from './ring.ts';
import { buildStage, type Stage } from './stage.ts';
import { stockShelves } from './stock-shelves.ts';

requireRuntime();

const FLOAT = minor(20_000);
/** The process of the till is killed about so often in a shift, and once more while it delivers. */
const KILLS = 5;
const CURRENCY = DEMO_SHOP.location.currency;

/** A shift on a till, from an empty shop to a confirmed Z report, with everything going wrong that may. */
async function playShift(
  stage: Stage,
  options: DemoOptions,
  file: InvoiceFile,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const random = seededRandom(options.seed);
  await stockShelves(stage, options.catalogue, file, CURRENCY, signal);
  const till = await enrolTill(stage, random);
  await stage.goOffline();
  note('The server is stopped: the till is alone.');
  const day_id = dayIdSchema.parse(uuid());
  await till.call((client) => client.sales.openDay({ day_id, float_minor: FLOAT }));
  const shift = await ringAll(till, file, refundApproval(stage), random, signal);
  await stage.goOnline();
  note('The server is back.');
  till.killSoon();
  await deliver(till);
  const z = await till.call((client) =>
    client.sales.closeDay({ day_id, counted_minor: minor(Math.max(0, FLOAT + shift.cash)) }),
  );
  await deliver(till);
  await writePapers(till, file, shift.longest, z, options.json);
  await till.stop();
  const days = await readDays(stage.db, stage.company.company_id);
  return judge(
    file,
    shift.acknowledged,
    readTillBooks(stage.tillFolder),
    await readCentralBooks(stage.db, stage.company.company_id),
    days,
    { kills: till.kills(), seconds: (performance.now() - started) / 1000 },
  );
}

async function enrolTill(stage: Stage, random: Random): Promise<CrashingTill> {
  const { company_id, location_id, people } = stage.company;
  const code = await inCompany(stage.db, company_id, (tx) => makeEnrolmentCode(tx, location_id));
  const till = await stage.startTill(random);
  const name = 'Front till';
  await till.call((client) => client.terminal.enrol({ server_url: stage.server().url, code, name }));
  await deliver(till);
  const { items } = await till.call((client) => client.sync.status());
  note(`Enrolled as ${name}; it holds ${items} items.`);
  const manager = people.find((person) => person.role === 'MANAGER');
  const pin = DEMO_SHOP.people.find((person) => person.role === 'MANAGER')?.pin;
  if (!manager || pin === undefined) throw new Error('the shop has no manager');
  await till.signIn(manager.user_id, pin);
  return till;
}

/** A refund without a receipt wants a second person: the owner steps in with a PIN. */
function refundApproval(stage: Stage): Approval {
  const owner = stage.company.people.find((person) => person.role === 'ADMIN');
  const pin = DEMO_SHOP.people.find((person) => person.role === 'ADMIN')?.pin;
  if (!owner || pin === undefined) throw new Error('the shop has no owner');
  return { user_id: owner.user_id, pin };
}

type Shift = { acknowledged: Acknowledged; cash: number; longest: IssuedTicket | undefined };

/** Rings every invoice and books every adjustment, while the till is killed again and again. */
async function ringAll(
  till: CrashingTill,
  file: InvoiceFile,
  approval: Approval,
  random: Random,
  signal: AbortSignal,
): Promise<Shift> {
  const total = file.invoices.length + file.adjustments.length;
  const crashes = new Set(Array.from({ length: KILLS }, () => pick(random, Math.max(total, 1))));
  const shown = progress('Ringing the shift', total);
  const tickets = new Set<string>();
  const lines = { sold: 0, returned: 0, adjusted: 0 };
  let [done, cash] = [0, 0];
  let longest: IssuedTicket | undefined;
  const next = () => {
    signal.throwIfAborted();
    shown.at(done);
    if (crashes.has(done)) till.killSoon();
    done += 1;
  };
  for (const invoice of file.invoices) {
    next();
    const ticket = await ringInvoice(till, invoice, approval, random);
    tickets.add(ticket.ticket_id);
    lines[ticket.kind === 'refund' ? 'returned' : 'sold'] += ticket.lines.length;
    cash += cashOf(ticket);
    if (ticket.lines.length > (longest?.lines.length ?? 0)) longest = ticket;
  }
  for (const adjustment of file.adjustments) {
    next();
    lines.adjusted += await bookAdjustment(till, adjustment, random);
  }
  shown.end(`${tickets.size} tickets; killed ${till.kills()} times`);
  return { acknowledged: { tickets, lines }, cash, longest };
}

const cashOf = (ticket: IssuedTicket): number =>
  ticket.tenders.reduce((sum, tender) => sum + (tender.kind === 'cash' ? tender.amount_minor : 0), 0) -
  ticket.change_minor;

/** Lets the till send and fetch until nothing waits. */
async function deliver(till: CrashingTill): Promise<void> {
  const before = await till.call((client) => client.sync.status());
  const shown = progress('Syncing', before.waiting);
  const watching = setInterval(() => {
    till
      .call((client) => client.sync.status())
      .then(({ waiting }) => shown.at(before.waiting - waiting))
      .catch(() => clearInterval(watching));
  }, 300);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const status = await till.call((client) => client.sync.run());
      if (status.problem === null && status.waiting === 0) break;
      if (attempt === 20)
        throw new Error(`The till cannot deliver: ${status.problem?.message ?? 'operations still wait'}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    clearInterval(watching);
  }
  shown.end();
}

/** Prints the Z report, and writes it, the longest receipt and the rejected rows to files. */
async function writePapers(
  till: CrashingTill,
  file: InvoiceFile,
  longest: IssuedTicket | undefined,
  z: ZReport,
  quiet: boolean,
): Promise<void> {
  const { terminal, payment_types } = await till.call((client) => client.terminal.state());
  if (!terminal) throw new Error('the till is not enrolled');
  const people = new Map(
    (await till.call((client) => client.people.list())).map((one) => [one.user_id, one.name]),
  );
  const nameOf = (id: UserId) => people.get(id) ?? 'unknown';
  const about = {
    location: terminal.location,
    terminal_name: terminal.name,
    payment_types,
  };
  const closing = zReceiptOf(z, {
    ...about,
    opened_by_name: nameOf(z.opened_by),
    closed_by_name: nameOf(z.closed_by),
  });
  const text = receiptText(closing, 42);
  if (!quiet) process.stdout.write(`\n${text}\n`);
  note(`Z report: ${await keepFile('z-report.txt', text)}`);
  note(`Rejected rows: ${await keepFile('rejected.csv', rejectedCsv(file.rejected))}`);
  if (!longest) return;
  const receipt = receiptOf(longest, {
    ...about,
    cashier_name: nameOf(longest.cashier_id),
    ticket_hash: longest.ticket_hash,
  });
  const pdf = await receiptPdf(receipt, { title: longest.receipt_number, created_at: longest.completed_at });
  note(`A receipt: ${await keepFile('receipt.pdf', pdf)}`);
}

/** Ctrl-C: what runs is brought to its next stop, and everything is taken down in order, also when pressed twice. */
function listenForEnd(): AbortSignal {
  const ending = new AbortController();
  const end = () => {
    if (ending.signal.aborted) return;
    note('Ending …');
    ending.abort();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return ending.signal;
}

/** Plays the shift and gives the exit code. */
async function main(signal: AbortSignal): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const file = await readInvoices(options.tickets, CURRENCY);
  note(`${file.lines_read} rows: ${file.invoices.length} invoices, ${file.adjustments.length} adjustments.`);
  const stage = await buildStage();
  try {
    signal.throwIfAborted();
    const outcome = await playShift(stage, options, file, signal);
    const money = (amount: number, code: string) => formatMoney(amount, currencySchema.parse(code));
    process.stdout.write(`\n${table(outcome, money)}`);
    await showPictures(stage);
    if (options.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    return outcome.ok ? 0 : 1;
  } finally {
    await stage.strike();
  }
}

/** Pictures are an extra: a browser that fails is told of, and changes nothing of the outcome. */
async function showPictures(stage: Stage): Promise<void> {
  const manager = DEMO_SHOP.people.find((person) => person.role === 'MANAGER');
  if (!manager?.pin) return;
  const taken = await takePictures(stage.tillFolder, manager.name, manager.pin).catch((error: unknown) => {
    note(`No pictures: ${error instanceof Error ? error.message : error}`);
    return [];
  });
  for (const path of taken) note(`A picture: ${path}`);
  if (taken.length === 0) note('No pictures of the till: there is no browser to take them with.');
}

/** What went wrong, told once everything is taken down. */
function failed(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return 130;
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  const isPlain = error instanceof NotInvoices || (error as NodeJS.ErrnoException).code === 'ENOENT';
  const text =
    error instanceof Error ? (isPlain ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(isPlain ? `The files cannot be read: ${text}\n` : `The demo failed: ${text}\n`);
  return 1;
}

const signal = listenForEnd();
process.exit(await main(signal).catch((error: unknown) => failed(error, signal)));
