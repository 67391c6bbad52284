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
  coins:
    'M9 4.5c3.3 0 6 1.1 6 2.5S12.3 9.5 9 9.5 3 8.4 3 7s2.7-2.5 6-2.5ZM3 7v8c0 1.4 2.7 2.5 6 2.5M15 7v3M15 12c3.3 0 6 1.1 6 2.5S18.3 17 15 17s-6-1.1-6-2.5S11.7 12 15 12Zm-6 2.5V18c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5v-3.5',
  copy: 'M9 9h11v11H9V9ZM5 15H4V4h11v1',
  crate: 'M3.5 7.5 12 3.5l8.5 4v9l-8.5 4-8.5-4v-9Zm0 0 8.5 4 8.5-4M12 11.5v9M7.7 5.6l8.5 4',
  day: 'M4 6h16v14H4V6Zm0 4.5h16M8 3.5v4m8-4v4M8.5 15l2.3 2.2 4.7-4.4',
  device: 'M4 4.5h16v11H4v-11ZM9 20h6m-3-4.5V20',
  discount:
    'M18.5 5.5l-13 13M7.5 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Zm9 9a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  door: 'M14 4H5v16h9M10 12h10.5m-3.5-4 4 4-4 4',
  down: 'm6 9.5 6 6 6-6',
  drawer: 'M4 4h16v7H4V4Zm-1 7h18v9H3v-9Zm7 4.5h4M8 7.5h8',
  exchange: 'M4 8.5h15m-4-4 4 4-4 4M20 15.5H5m4-4-4 4 4 4',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  'eye-off':
    'M10 5.7a9 9 0 0 1 2-.2c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.4M6.3 7.2A15.6 15.6 0 0 0 2.5 12S6 18.5 12 18.5a9.3 9.3 0 0 0 4.7-1.3M4 4l16 16',
  falling: 'M12 5v14m-5.5-5.5L12 19l5.5-5.5',
  hold: 'M8.5 5v14m7-14v14',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 7.5v5m0-8.2v.1',
  key: 'M8 10.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm3-.4L19.5 4m-4.2 3 2.4 3',
  keyboard: 'M2.5 6h19v12h-19V6ZM6 9.7h.1m3.9 0h.1m3.9 0h.1m3.9 0h.1M6 14.2h.1m3.4 0h5m3.4 0h.1',
  layers: 'm12 3.5 9 5-9 5-9-5 9-5Zm-9 9 9 5 9-5',
  lock: 'M5 10.5h14V20H5v-9.5Zm3 0V8a4 4 0 0 1 8 0v2.5M12 14v2.5',
  log: 'M5 3.5h14v17H5v-17ZM8.5 8h7m-7 4h7m-7 4h4',
  mail: 'M3 6h18v12.5H3V6Zm0 .8 9 6.7 9-6.7',
  minus: 'M5 12h14',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  next: 'm9.5 6 6 6-6 6',
  note: 'M5 4h14v11l-5 5H5V4Zm14 11h-5v5M8.5 8.5h7m-7 4h4',
  office:
    'M4 20.5V4.5h10v16m0-11h6v11M2.5 20.5h19M7.5 8.5h.1m3 0h.1m-3.2 4h.1m3 0h.1m-3.2 4h.1m3 0h.1m5.9-3.5h.1m-.1 3.5h.1',
  people:
    'M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5ZM3 19.5c.6-3.6 2.9-5.3 6-5.3s5.4 1.7 6 5.3M15.5 5.4a3.2 3.2 0 0 1 0 5.6m2 3.6c2 .7 3.1 2.3 3.5 4.9',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  plus: 'M12 5v14M5 12h14',
  previous: 'm14.5 6-6 6 6 6',
  price: 'M3.5 4.5h8l9 9-7.5 7.5-9.5-9v-7.5Zm4.5 4h.1',
  qr: 'M4 4h6v6H4V4Zm10 0h6v6h-6V4ZM4 14h6v6H4v-6Zm10 0h2.5v2.5H14V14Zm6 0v.1M17.5 20H20v-2.5m-6 2.5v.1',
  receipt: 'M5.5 3v18l2.2-1.5L9.8 21l2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5V3H5.5ZM9 8h6m-6 4h6',
  refund: 'M8.5 5 4 9.5 8.5 14M4 9.5h10.5a5 5 0 0 1 0 10H9',
  rising: 'M12 19V5m-5.5 5.5L12 5l5.5 5.5',
  scan: 'M4 8V4.5h4m8 0h4V8m0 8v3.5h-4m-8 0H4V16M8 9v6m3-6v6m2.5-6v6m2.5-6v6',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2 5.3 5.3',
  sell: 'M5 10.5h14V20H5v-9.5Zm2-6.5h10v6.5H7V4Zm2.5 3h5M8.5 14h.1m3.4 0h.1m3.4 0h.1m-7 3h.1m3.4 0h.1m3.4 0h.1',
  shield: 'M12 3.5 4.8 6v5.4c0 4.5 2.9 7.7 7.2 9.1 4.3-1.4 7.2-4.6 7.2-9.1V6L12 3.5Zm-3 8.6 2.2 2.2 4-4.4',
  store: 'M4.5 10.5V20h15v-9.5M3 9.5 5 4h14l2 5.5a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0ZM10 20v-5h4v5',
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
