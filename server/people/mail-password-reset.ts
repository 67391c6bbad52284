import type { CompanyId, PasswordResetId, UserId } from '#shared/ids.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { Outcome, Try } from '../jobs/mail-queue.ts';
import { type Letter, oneLine } from '../mail/letter.ts';
import type { Post, Posted } from '../mail/post.ts';
import { audit } from '../ops/audit.ts';
import { makeMailedToken } from './mailed-token.ts';
import { momentText } from './moment-text.ts';

type Asked = { readonly company_id: CompanyId; readonly reset_id: PasswordResetId };

/** Mails a code for a new password, made here; as `mailInvitation` does. */
export async function mailPasswordReset(
  db: Db,
  post: Post,
  { is_last }: Try,
  { company_id, reset_id }: Asked,
): Promise<Outcome> {
  const token = makeMailedToken(company_id);
  const written = await inCompany(db, company_id, (tx) => write(tx, reset_id, token));
  if (!written) return 'obsolete';
  const posted = await post(written.letter);
  await inCompany(db, company_id, (tx) => note(tx, { ...written, hash: token.hash }, posted, is_last));
  return posted.state;
}

type Found = {
  user_id: UserId;
  email: string;
  expires_at: Date;
  name: string;
  asker: string;
  company: string;
};

/** The letter, after its code was put in force; undefined where nobody waits for it any more. */
async function write(
  tx: Tx,
  resetId: PasswordResetId,
  token: { readonly text: string; readonly hash: Buffer },
): Promise<{ letter: Letter; user_id: UserId } | undefined> {
  const [found] = await rows<Found>(
    tx,
    `update password_reset r set token_hash = $3
     from app_user u, app_user b, company c
     where r.company_id = $1 and r.reset_id = $2 and r.mailed_at is null and r.used_at is null and r.expires_at > now()
       and u.company_id = $1 and u.user_id = r.user_id and u.status = 'ACTIVE' and u.email is not null
       and b.company_id = $1 and b.user_id = r.asked_by and c.company_id = $1
     returning r.user_id, u.email, r.expires_at, u.name, b.name as asker, c.name as company`,
    [tx.company_id, resetId, token.hash],
  );
  return found && { letter: letterTo(found, token.text), user_id: found.user_id };
}

function letterTo({ email, expires_at, ...names }: Found, code: string): Letter {
  const [name, asker, company] = [oneLine(names.name), oneLine(names.asker), oneLine(names.company)];
  return {
    to: email,
    subject: `A new password for ${company}`,
    parts: [
      `Hello ${name},`,
      `${asker} has let you choose a new password for ${company} in Tilldock. This is your code:`,
      { code },
      'Open Tilldock, choose “Office”, then “I have a code for a new password”. Copy the code there and choose one.',
      `The code can be used once, until ${momentText(expires_at)}. It is yours alone: do not pass it on.`,
      'You were signed out everywhere. Until you choose a new password the old one stays good.',
    ],
  };
}

/** That the mail went out; one that never will is told to the administrators, in the record of changes. */
async function note(
  tx: Tx,
  written: { readonly user_id: UserId; readonly hash: Buffer },
  posted: Posted,
  isLast: boolean,
): Promise<void> {
  if (posted.state === 'sent') {
    await rows(tx, 'update password_reset set mailed_at = now() where company_id = $1 and token_hash = $2', [
      tx.company_id,
      written.hash,
    ]);
  } else if (posted.state === 'refused' || isLast) {
    await audit(tx, null, {
      ...{ action: 'user.password_reset_not_mailed', entity: 'user', key: written.user_id },
      after: { reason: posted.reason },
    });
  }
}
