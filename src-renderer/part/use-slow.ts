import { useEffect, useState } from 'react';

/** Shorter waits are not worth a sign: it would only flicker. In ms. */
const notice = 300;

/** Whether something has been going on for long enough to say so. */
export function useSlow(isGoingOn: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setTimeout(() => setSlow(true), notice);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isGoingOn]);
  return isSlow;
}
