import { useEffect } from 'react';
import { Done } from './done.tsx';
import { Payment } from './payment.tsx';
import { Ringing } from './ringing.tsx';
import { SellDialogs } from './sell-dialogs.tsx';
import { useSell } from './sell-store.ts';
import { refreshHeld } from './ticket-actions.ts';

/** Selling: the ticket is rung, paid, and done. */
export function SellScreen() {
  const stage = useSell((state) => state.stage);
  const ticket = useSell((state) => state.ticket);
  const hasCart = useSell((state) => state.cart !== null);
  useEffect(() => {
    refreshHeld();
  }, []);
  if (stage === 'done' && ticket) return <Done ticket={ticket} />;
  if (stage === 'pay' && hasCart) return <Payment />;
  return (
    <>
      <Ringing />
      <SellDialogs />
    </>
  );
}
