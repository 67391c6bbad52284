import { create } from 'zustand';

/** The places of the till that the rail leads to. */
export const PLACES = ['sell', 'tickets', 'day', 'sync', 'till'] as const;
type RailPlace = (typeof PLACES)[number];

/** A place of the till. The repair desk is reached from `sync`. */
export type Place = RailPlace | 'desk';

/** Where the rail stands while somebody is at a place. */
export const onRail = (place: Place): RailPlace => (place === 'desk' ? 'sync' : place);

type View = { place: Place; isHelpOpen: boolean };

/** Where the person at the till is. */
export const useView = create<View>()(() => ({ place: 'sell', isHelpOpen: false }));

/** Goes to a place. */
export const go = (place: Place): void => useView.setState({ place });

/** Opens or closes the list of keys. */
export const showHelp = (isHelpOpen: boolean): void => useView.setState({ isHelpOpen });
