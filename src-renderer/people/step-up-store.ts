import { create } from 'zustand';
import type { Approval } from '#shared/contract/till.ts';
import type { Permission } from '#shared/people/permission.ts';
import { refusalOf } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';

type Request = {
  /** What is to be approved, as the person at the till would say it. */
  what: string;
  /** What whoever approves must be permitted to do. */
  permission: Permission | undefined;
  problem: Problem;
  answer: (approval: Approval | null) => void;
};

/** The approval that is being asked for, if one is. */
export const useStepUp = create<{ request: Request | null }>()(() => ({ request: null }));

/** Refusals that another person's PIN may turn into a yes. */
const approvable: readonly (string | undefined)[] = ['approval_needed', 'approval_not_enough'];
/** Refusals of a PIN that was given; it can be given again. */
const retriable: readonly (string | undefined)[] = [...approvable, 'pin_wrong', 'pin_locked'];

/**
 * Does something that may need the consent of somebody else: tries it, and where the data process wants an
 * approval, asks for a PIN and tries again with it, until it is done or given up.
 *
 * @returns what `act` answered, or null where nobody approved
 */
export async function withApproval<Answer>(
  what: string,
  act: (approval?: Approval) => Promise<Answer>,
): Promise<Answer | null> {
  let approval: Approval | undefined;
  let permission: Permission | undefined;
  for (;;) {
    try {
      return await (approval ? act(approval) : act());
    } catch (error) {
      const codes = approval ? retriable : approvable;
      const refusal = refusalOf(error);
      if (!codes.includes(refusal?.code)) throw error;
      // A wrong PIN says nothing of what it was asked for.
      permission = refusal?.permission ?? permission;
      const given = await askApproval(what, permission, explain(error));
      if (given === null) return null;
      approval = given;
    }
  }
}

const askApproval = (
  what: string,
  permission: Permission | undefined,
  problem: Problem,
): Promise<Approval | null> =>
  new Promise((resolve) => {
    useStepUp.setState({
      request: {
        what,
        permission,
        problem,
        answer: (approval) => {
          useStepUp.setState({ request: null });
          resolve(approval);
        },
      },
    });
  });
