import { useEffect, useState } from 'react';

/** The present, renewed every `every` ms, for texts such as “3 minutes ago”. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
