import { v7 as uuid } from 'uuid';
import { type CompanyId, officeSessionIdSchema, type UserId } from '#shared/ids.ts';
import { issueAccessToken } from '../../server/people/access-token.ts';
import type { TestCentral } from './central.ts';
import { SECRET } from './server.ts';
import { queryAs } from './shop.ts';

/** An access token of a session of its own, without the cost of a password: for tests that need very many. */
export async function officeToken(
  central: TestCentral,
  company_id: CompanyId,
  user_id: UserId,
): Promise<string> {
  const session_id = officeSessionIdSchema.parse(uuid());
  await queryAs(
    central,
    company_id,
    `insert into office_session (company_id, session_id, user_id, expires_at, ip, user_agent)
     values ($1, $2, $3, now() + interval '1 hour', '127.0.0.1', '')`,
    [company_id, session_id, user_id],
  );
  return issueAccessToken(SECRET, { company_id, user_id, session_id });
}
