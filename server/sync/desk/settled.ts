/**
 * Whether the exception `e` of a statement wants no more of anybody, by its last decision. Written out, since a function
 * in SQL costs several times as much for each row of a list. By the index `exception_decision_of`.
 */
export const SETTLED = `coalesce((select d.settles from exception_decision d
  where d.company_id = e.company_id and d.exception_id = e.exception_id order by d.decision_no desc limit 1), false)`;
