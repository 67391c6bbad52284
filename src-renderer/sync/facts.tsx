import { useEffect, useState } from 'react';
import type { Diagnostic } from '#shared/contract/shell.ts';
import { Button } from '../part/button.tsx';
import { locale } from '../part/money.ts';
import { useTill } from '../people/till-store.ts';
import { shell } from '../shell-line.ts';
import { useConnection } from './connection-store.ts';
import styles from './facts.module.css';
import { useSync } from './status-store.ts';
import { syncText } from './text.ts';

/** Numbers of the screen's own facts begin here; those of the desktop app are below. */
const firstOwn = 101;

/** The numbered facts that support asks for, with a button that copies them. Shown also when little else works. */
export function Facts() {
  const own = useOwnFacts();
  const [given, setGiven] = useState<readonly Diagnostic[]>([]);
  const [said, setSaid] = useState('');
  useEffect(() => {
    shell?.diagnostics().then(setGiven, (error: unknown) => setSaid(String(error)));
  }, []);
  const facts = [...given, ...own];
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(factsText(facts));
      setSaid(syncText.copied);
    } catch {
      // The desktop app lets no page write to the clipboard, but copies its own facts; a browser may refuse, too.
      await shell?.copyDiagnostics();
      setSaid(shell ? syncText.copied : syncText.copyFailed);
    }
  };
  return (
    <section className={styles.facts} aria-labelledby="facts">
      <header className={styles.head}>
        <h2 id="facts" className={styles.title}>
          {syncText.facts}
        </h2>
        <span role="status">{said}</span>
        <Button icon="copy" onPress={copy}>
          {syncText.copy}
        </Button>
      </header>
      <table className={styles.table} data-selectable>
        <tbody>
          {facts.map(({ no, name, value }) => (
            <tr key={no}>
              <td className={styles.no}>{no}</td>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What the screen itself knows, also where no desktop app is behind it. */
function useOwnFacts(): Diagnostic[] {
  const state = useTill((till) => till.state);
  const connection = useConnection();
  const status = useSync((sync) => sync.status) ?? state?.sync;
  const terminal = state?.terminal;
  const facts: readonly (readonly [string, string])[] = [
    [syncText.version, state?.app_version ?? syncText.dash],
    [syncText.terminal, terminal ? `${terminal.terminal_code}, ${terminal.terminal_id}` : syncText.dash],
    [syncText.location, terminal ? `${terminal.location.code}, ${terminal.location.zone}` : syncText.dash],
    [syncText.server, terminal?.server_url ?? syncText.dash],
    [syncText.connection, connection.state],
    [
      syncText.ledger,
      status
        ? `${status.last_seq}, ${syncText.acked(String(status.acked_seq))}, ${status.waiting} waiting`
        : syncText.dash,
    ],
    [
      syncText.sync,
      status?.problem?.message ?? (status?.last_contact_at ? status.last_contact_at : syncText.dash),
    ],
    [syncText.screen, `${window.innerWidth} × ${window.innerHeight} @ ${window.devicePixelRatio}, ${locale}`],
    [syncText.engine, engine()],
  ];
  return facts.map(([name, value], index) => ({ no: firstOwn + index, name, value }));
}

const engine = (): string =>
  navigator.userAgent.match(/(?:Chrom(?:e|ium)|Electron)\/[\d.]+/g)?.join(', ') ?? navigator.userAgent;

const factsText = (facts: readonly Diagnostic[]): string =>
  facts.map(({ no, name, value }) => `${no} ${name}: ${value}`).join('\n');
