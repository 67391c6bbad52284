import type { CompanyId, InvitationId } from '#shared/ids.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { Outcome, Try } from '../jobs/mail-queue.ts';
import { type Letter, oneLine } from '../mail/letter.ts';
import type { Post, Posted } from '../mail/post.ts';
import { makeMailedToken } from './mailed-token.ts';
import { momentText } from './moment-text.ts';

type Asked = { readonly company_id: CompanyId; readonly invitation_id: InvitationId };

/**
 * Mails an invitation with a code that is made here; the code of an earlier try is good no more. Between the
 * transactions, while the mail server takes its time, nothing is held. Where this process dies before the second one,
 * the next try makes and mails another code.
 */
export async function mailInvitation(
  db: Db,
  post: Post,
  { job_id, is_last }: Try,
  { company_id, invitation_id }: Asked,
): Promise<Outcome> {
  const token = makeMailedToken(company_id);
  const letter = await inCompany(db, company_id, (tx) =>
    write(tx, { invitation_id, job_id, code: token.text, hash: token.hash }),
  );
  if (!letter) return 'obsolete';
  const posted = await post(letter);
  await inCompany(db, company_id, (tx) => note(tx, token.hash, posted, is_last));
  return posted.state;
}

type Invited = { email: string; expires_at: Date; name: string; inviter: string; company: string };

/** The letter, after its code was put in force; undefined where the invitation no longer waits for this job. */
async function write(
  tx: Tx,
  given: { invitation_id: InvitationId; job_id: string; code: string; hash: Buffer },
): Promise<Letter | undefined> {
  const [invited] = await rows<Invited>(
    tx,
    `update invitation i set token_hash = $4
     from app_user u, app_user b, company c
     where i.company_id = $1 and i.invitation_id = $2 and i.mail_job = $3 and i.mail_state = 'waiting'
       and i.status = 'PENDING' and i.expires_at > now()
       and u.company_id = $1 and u.user_id = i.user_id and u.status = 'INVITED'
       and b.company_id = $1 and b.user_id = i.invited_by and c.company_id = $1
     returning i.email, i.expires_at, u.name, b.name as inviter, c.name as company`,
    [tx.company_id, given.invitation_id, given.job_id, given.hash],
  );
  return invited && letterTo(invited, given.code);
}

function letterTo({ email, expires_at, ...names }: Invited, code: string): Letter {
  const [name, inviter, company] = [oneLine(names.name), oneLine(names.inviter), oneLine(names.company)];
  return {
    to: email,
    subject: `${inviter} invites you to ${company}`,
    parts: [
      `Hello ${name},`,
      `${inviter} invites you to work with ${company} in Tilldock. This is your code:`,
      { code },
      'Open Tilldock, choose “Office”, then “I have an invitation”. Copy the code there and choose a password.',
      `The code can be used once, until ${momentText(expires_at)}. It is yours alone: do not pass it on.`,
      `If you do not expect this, you need do nothing.`,
    ],
  };
}

/** What became of the mail, unless the invitation was sent again meanwhile and has another code. */
const note = (tx: Tx, hash: Buffer, posted: Posted, isLast: boolean): Promise<unknown> => {
  const state = posted.state === 'delayed' ? (isLast ? 'failed' : 'waiting') : STATES[posted.state];
  return rows(
    tx,
    `update invitation set mail_state = $3, mail_at = case when $3 = 'waiting' then null else now() end, mail_reason = $4
     where company_id = $1 and token_hash = $2`,
    [tx.company_id, hash, state, posted.state === 'sent' ? null : posted.reason],
  );
};

const STATES = { sent: 'sent', refused: 'failed' } as const;
