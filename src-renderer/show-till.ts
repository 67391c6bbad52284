import { refreshTill } from './people/till-store.ts';
import { inOrder } from './sales/in-order.ts';
import { showCart } from './sales/sell-store.ts';

/**
 * Asks how the till stands, and shows the ticket that is being rung on it. In order with the steps on the ticket,
 * so that an answer from before the last of them cannot take its place.
 */
export const showTill = (): Promise<void> =>
  inOrder(async () => {
    const state = await refreshTill();
    if (state) showCart(state.cart);
  });
