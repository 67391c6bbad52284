import { ORPCError } from '@orpc/client';
import { refusalCode } from '../api.ts';
import { LineLost } from '../link.ts';
import { problemText, refusalTitles } from './problem-text.ts';

/** What went wrong, in words for the person at the till. */
export type Problem = { code: string; title: string; detail: string };

/**
 * Puts an error into words. A refusal of the data process brings its own sentence with the particulars (which
 * item, how much); here it is given a title. Everything else is a fault of ours, and says what to do about it.
 */
export function explain(error: unknown): Problem {
  const code = refusalCode(error);
  if (code !== null && error instanceof ORPCError) {
    return { code, title: refusalTitles[code] ?? problemText.refused, detail: error.message };
  }
  if (error instanceof LineLost) return { code: 'line_lost', ...problemText.lineLost };
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return { code: 'input', title: problemText.input, detail: issuesOf(error.data) };
  }
  // Kept for whoever looks into it; the screen says only what helps at the till.
  console.error(error);
  return { code: 'fault', ...problemText.fault };
}

/** The issues that the contract's own check found, as one sentence. */
function issuesOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return '';
  return data.issues
    .map((issue: { message?: unknown; path?: unknown }) => {
      const field = Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
      return `${field === '' ? '' : `${field} `}${String(issue.message)}`;
    })
    .join('; ');
}
