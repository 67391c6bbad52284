import { terminal } from '../access.ts';
import { inCompany } from '../db.ts';
import { readUnknown } from './known.ts';
import { resume } from './resume.ts';
import { readState } from './state.ts';
import { readTold } from './told-operations.ts';

/** What a terminal asks beside its pushes and pulls. */
export const syncRoutes = {
  state: terminal.sync.state.handler(({ input, context: { db, identity, config } }) =>
    inCompany(db, identity.company_id, (tx) =>
      readState(tx, identity, input.verdicts_after, config.TILLDOCK_SAFE),
    ),
  ),
  operations: terminal.sync.operations.handler(({ input, context: { db, identity } }) =>
    inCompany(db, identity.company_id, (tx) => readTold(tx, identity, input.after_seq)),
  ),
  known: terminal.sync.known.handler(({ input, context: { db, identity } }) =>
    inCompany(db, identity.company_id, async (tx) => ({ unknown: await readUnknown(tx, input.op_ids) })),
  ),
  resume: terminal.sync.resume.handler(({ input, context: { db, identity } }) => resume(db, identity, input)),
};
