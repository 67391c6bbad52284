import { SETTLED } from './desk/settled.ts';

/**
 * The columns of a verdict as a terminal is told it, of the journal's row `j`: what somebody has settled is no trouble any
 * more. Uses the indexes `exception_of` and `exception_decision_of`.
 */
export const TOLD_VERDICT = `j.seq, j.code, j.detail,
  case when j.verdict = 'applied_flagged' and cardinality(open.codes) = 0 then 'applied' else j.verdict end as verdict,
  open.codes as exceptions,
  j.verdict = 'quarantined' and not exists (
    select from exception e where e.company_id = j.company_id and e.terminal_id = j.terminal_id and e.epoch = j.epoch
      and e.seq = j.seq and e.code = j.code and not ${SETTLED}) as settled`;

/** The journal's rows, each with its flags that are open. */
export const TOLD_FROM = `journal j cross join lateral (
  select array(
    select flag from unnest(j.exceptions) with ordinality flags (flag, place)
    where exists (
      select from exception e where e.company_id = j.company_id and e.terminal_id = j.terminal_id and e.epoch = j.epoch
        and e.seq = j.seq and e.code = flag and not ${SETTLED})
    order by place) as codes) open`;
