import { create } from 'zustand';

/** Whether somebody else is about to take over the till. */
export const useSwitchUser = create<{ isOpen: boolean }>()(() => ({ isOpen: false }));

/** Asks who goes on at the till, or stops asking. */
export const askSwitchUser = (isOpen: boolean): void => useSwitchUser.setState({ isOpen });
