import { z } from 'zod';

/**
 * What the window offers its screens beside the till contract: the state of the data process, a port to it, and
 * the few settings of the window itself. The preload script puts it on `window.tilldock`; a browser screen has
 * none of it and knows that by its absence.
 */

/** Where the data process stands. While it is not `ready`, every port handed out before is dead. */
const dataStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('starting') }),
  z.strictObject({
    state: z.literal('ready'),
    /** `recovery`: the ledger could not be opened; nothing may be sold until it has been repaired. */
    ledger: z.enum(['ok', 'recovery']),
  }),
  z.strictObject({
    state: z.literal('recovering'),
    /** How many times in a row it died, and how long the shell waits before it starts it again, in ms. */
    attempt: z.int().min(1),
    retry_in_ms: z.int().min(0),
  }),
  z.strictObject({ state: z.literal('stopped') }),
]);
export type DataState = z.infer<typeof dataStateSchema>;

export const themeSchema = z.enum(['system', 'light', 'dark', 'contrast']);
export type Theme = z.infer<typeof themeSchema>;

/** What a screen may set of the window. Unknown fields are refused. */
export const windowChoicesSchema = z.strictObject({
  theme: themeSchema,
  /** The whole screen, without a frame, and no way out of it but this switch. */
  kiosk: z.boolean(),
});
export type WindowChoices = z.infer<typeof windowChoicesSchema>;

export const windowChangeSchema = windowChoicesSchema
  .partial()
  .refine((change) => Object.keys(change).length > 0, { error: 'must change something' });
export type WindowChange = z.infer<typeof windowChangeSchema>;

/** One numbered fact, so that it can be named over the telephone. Never a secret, never a person's name. */
const diagnosticSchema = z.strictObject({ no: z.int().min(1), name: z.string(), value: z.string() });
export type Diagnostic = z.infer<typeof diagnosticSchema>;

/**
 * `type` of the window message that carries a `MessagePort` to the data process in `ports[0]`: a context bridge
 * cannot carry one. Take it only from the window itself (`event.source === window`), and `start()` it.
 */
export const portMessage = 'tilldock:port';

/** `window.tilldock`. */
export type Shell = {
  /**
   * Ask for a port to the data process. It comes as a window message (`portMessage`) as soon as there is one, and
   * again, unasked, after every restart of the data process; the one before is dead then and its calls with it.
   * The same after a port was closed because its frames were refused. A dead port need not say so by itself.
   */
  connect(): void;
  /** Calls `listener` with the present state and with each one after it; the answer ends that. */
  onDataState(listener: (state: DataState) => void): () => void;
  windowChoices(): Promise<WindowChoices>;
  /** Changes and keeps what is given; answers with all of it. */
  changeWindow(change: WindowChange): Promise<WindowChoices>;
  diagnostics(): Promise<Diagnostic[]>;
  /** Puts the diagnostics on the clipboard as text. */
  copyDiagnostics(): Promise<void>;
};
