import { parseArgs } from 'node:util';
import { startVitest, type TestCase } from 'vitest/node';
import { requireRuntime } from '../server/runtime.ts';

requireRuntime();

/**
 * `npm test`: every test of every kind, or the files whose path contains one of the given words. Ends with one
 * line that counts them all; each skipped test is named with its reason. With --no-skips a skip is a failure.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-skips': { type: 'boolean', default: false } },
});

const vitest = await startVitest('test', positionals, { run: true, watch: false, reporters: ['default'] });
const counts = { passed: 0, failed: 0, skipped: 0 };
const skipped: string[] = [];
for (const module of vitest.state.getTestModules()) {
  if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed' || result.state === 'failed') counts[result.state] += 1;
    else {
      counts.skipped += 1;
      skipped.push(`${module.relativeModuleId} › ${test.fullName}: ${reasonOf(test)}`);
    }
  }
}
const broken = vitest.state.getUnhandledErrors().length;
await vitest.close();
for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
if (broken > 0) process.stdout.write(`${broken} errors outside of any test\n`);
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
const fine =
  counts.failed === 0 && broken === 0 && counts.passed > 0 && !(values['no-skips'] && counts.skipped > 0);
process.exit(fine ? 0 : 1);

function reasonOf(test: TestCase): string {
  const result = test.result();
  return result.state === 'skipped' && result.note !== undefined ? result.note : 'no reason was given';
}
