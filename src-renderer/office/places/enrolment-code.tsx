import { ENROLMENT_MINUTES, enrolmentLink } from '#shared/people/enrolment-link.ts';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Icon } from '../../part/icon.tsx';
import { Notice } from '../../part/notice.tsx';
import { useNow } from '../../part/now.ts';
import { QrCode } from '../../part/qr-code.tsx';
import { useOfficeSession } from '../me.ts';
import styles from './enrolment-dialog.module.css';
import { placesText } from './text.ts';

/** A code that was made, and when by this machine's clock. */
export type MadeCode = { readonly code: string; readonly madeAt: number };

/** A minute before its end, in s. */
const soon = 60;

/** A code for a device: to be scanned or typed there, for as long as it is good. */
export function EnrolmentCode({
  made,
  steps,
  onAnother,
}: {
  made: MadeCode;
  steps: readonly string[];
  onAnother: () => void;
}) {
  const { server_url } = useOfficeSession();
  const now = useNow(1_000);
  const left = Math.max(0, Math.ceil((made.madeAt + ENROLMENT_MINUTES * 60_000 - now) / 1000));
  if (left === 0) {
    return (
      <Notice tone="warn" title={placesText.codeOver} detail={placesText.codeOverDetail}>
        <Button onPress={onAnother}>{placesText.anotherCode}</Button>
      </Notice>
    );
  }
  return (
    <div className={styles.made}>
      <div className={styles.paper}>
        <QrCode content={enrolmentLink(server_url, made.code)} label={placesText.codeQr} />
      </div>
      <div className={styles.words} data-selectable>
        <ol className={styles.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p className={styles.code}>{made.code}</p>
        <p className={styles.detail}>
          {placesText.codeServer}: {server_url}
        </p>
        <p className={cx(styles.left, left <= soon && styles.soon)}>
          <Icon name="clock" size="s" />
          <span role="timer">{placesText.codeLeft(timeLeft(left))}</span>
        </p>
      </div>
    </div>
  );
}

/** Seconds as a clock shows them: `9:05`. */
const timeLeft = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
