import { cx } from './cx.ts';
import styles from './icon.module.css';

/** Strokes on a 24 × 24 grid, drawn for Tilldock. */
const paths = {
  alert: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.2m0 2.8v.1',
  back: 'M19 12H5m6-6-6 6 6 6',
  backspace: 'M9 5h11v14H9l-6-7 6-7Zm3 4.5 5 5m0-5-5 5',
  basket: 'M3.5 9h17l-1.8 10.5H5.3L3.5 9Zm4 0L11 3.5M16.5 9 13 3.5M9 12.5v3.5m3-3.5v3.5m3-3.5v3.5',
  book: 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3V4Zm0 13a3 3 0 0 1 3-3h11M9 8h6',
  card: 'M3 6h18v12H3V6Zm0 4h18M6.5 15h4',
  cash: 'M2.5 6.5h19v11h-19v-11ZM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM5.5 12h.1m12.9 0h.1',
  check: 'm4.5 12.5 5 5 10-11',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3.2 2',
  close: 'm6 6 12 12M18 6 6 18',
  cloud: 'M7 18.5a4.3 4.3 0 0 1-.6-8.55 6 6 0 0 1 11.5 1.2A3.7 3.7 0 0 1 17.5 18.5H7Z',
  'cloud-off': 'M7 18.5a4.3 4.3 0 0 1-.6-8.55M9.8 6a6 6 0 0 1 8.1 5.15 3.7 3.7 0 0 1 2.3 5.6M4 4l16 16',
  copy: 'M9 9h11v11H9V9ZM5 15H4V4h11v1',
  day: 'M4 6h16v14H4V6Zm0 4.5h16M8 3.5v4m8-4v4M8.5 15l2.3 2.2 4.7-4.4',
  device: 'M4 4.5h16v11H4v-11ZM9 20h6m-3-4.5V20',
  discount:
    'M18.5 5.5l-13 13M7.5 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Zm9 9a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  door: 'M14 4H5v16h9M10 12h10.5m-3.5-4 4 4-4 4',
  drawer: 'M4 4h16v7H4V4Zm-1 7h18v9H3v-9Zm7 4.5h4M8 7.5h8',
  hold: 'M8.5 5v14m7-14v14',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 7.5v5m0-8.2v.1',
  keyboard: 'M2.5 6h19v12h-19V6ZM6 9.7h.1m3.9 0h.1m3.9 0h.1m3.9 0h.1M6 14.2h.1m3.4 0h5m3.4 0h.1',
  lock: 'M5 10.5h14V20H5v-9.5Zm3 0V8a4 4 0 0 1 8 0v2.5M12 14v2.5',
  minus: 'M5 12h14',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  note: 'M5 4h14v11l-5 5H5V4Zm14 11h-5v5M8.5 8.5h7m-7 4h4',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  plus: 'M12 5v14M5 12h14',
  price: 'M3.5 4.5h8l9 9-7.5 7.5-9.5-9v-7.5Zm4.5 4h.1',
  receipt: 'M5.5 3v18l2.2-1.5L9.8 21l2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5V3H5.5ZM9 8h6m-6 4h6',
  refund: 'M8.5 5 4 9.5 8.5 14M4 9.5h10.5a5 5 0 0 1 0 10H9',
  scan: 'M4 8V4.5h4m8 0h4V8m0 8v3.5h-4m-8 0H4V16M8 9v6m3-6v6m2.5-6v6m2.5-6v6',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2 5.3 5.3',
  sell: 'M5 10.5h14V20H5v-9.5Zm2-6.5h10v6.5H7V4Zm2.5 3h5M8.5 14h.1m3.4 0h.1m3.4 0h.1m-7 3h.1m3.4 0h.1m3.4 0h.1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v1.5m0 15V21m9-9h-1.5m-15 0H3m15.4-6.4-1.1 1.1M6.7 17.3l-1.1 1.1m12.8 0-1.1-1.1M6.7 6.7 5.6 5.6',
  sync: 'M4.5 11a7.6 7.6 0 0 1 13.6-3.5L20 9.5m0-5v5h-5m4.5 3.5a7.6 7.6 0 0 1-13.6 3.5L4 14.5m0 5v-5h5',
  tickets: 'M4 5h9v15l-2.3-1.5L8.5 20l-2.2-1.5L4 20V5Zm3 4h3m-3 4h3m6-8h4v14l-2-1.2',
  trash: 'M4.5 6.5h15M9 6.5V4h6v2.5m2.5 0L16.7 20H7.3L6.5 6.5m4 4v5.5m3-5.5v5.5',
  undo: 'M8.5 5.5 4 10l4.5 4.5M4 10h9.5a5.5 5.5 0 0 1 5.4 6.5',
  wrench:
    'M14.5 6.5a4.5 4.5 0 0 1 5.8-1.2l-3 3 .4 2 2 .4 3-3a4.5 4.5 0 0 1-6.2 5.5L9 20.7 5.3 17l7.5-7.5a4.5 4.5 0 0 1 1.7-3Z',
} as const;

/** The icons there are. */
export type IconName = keyof typeof paths;

/** A decorative icon in the colour and size of the text beside it; the words stand next to it, never in it. */
export function Icon({ name, size = 'm' }: { name: IconName; size?: 's' | 'm' | 'l' | 'xl' }) {
  return (
    <svg className={cx(styles.icon, styles[size])} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
