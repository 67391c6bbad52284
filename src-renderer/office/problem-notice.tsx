import { Button } from '../part/button.tsx';
import { Notice } from '../part/notice.tsx';
import type { Problem } from '../part/problem.ts';
import { officeText } from './text.ts';

/** What went wrong. Where it is the connection: that the office needs it, and the till does not. */
export function ProblemNotice({ problem, onRetry }: { problem: Problem | null; onRetry?: () => void }) {
  if (problem === null) return null;
  const isOffline = problem.code === 'server_unreachable';
  return (
    <Notice
      tone={isOffline ? 'warn' : 'danger'}
      title={isOffline ? officeText.offlineTitle : problem.title}
      detail={isOffline ? officeText.offlineDetail : problem.detail}
    >
      {onRetry && (
        <Button icon="sync" onPress={onRetry}>
          {officeText.tryAgain}
        </Button>
      )}
    </Notice>
  );
}
