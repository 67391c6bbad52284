import { useEffect, useState } from 'react';
import type { TicketId } from '#shared/ids.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { till } from '../../api.ts';
import { Field } from '../../part/field.tsx';
import { Icon } from '../../part/icon.tsx';
import { displayMoney } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { explain, type Problem } from '../../part/problem.ts';
import { displayInstant } from '../../part/time.ts';
import { VirtualList } from '../../part/virtual-list.tsx';
import { useTerminal } from '../../people/till-store.ts';
import { FormDialog, FormError } from '../../sales/form-dialog.tsx';
import styles from './correct-dialog.module.css';
import { type Deciding, useDeciding } from './deciding.ts';
import { deskText } from './text.ts';

/** How many receipts are offered: a correction was rung just before. */
const NEWEST = 50;

/** Asks which receipt of this till makes up for a trouble, and why. */
export function CorrectDialog(deciding: Deciding) {
  const [chosen, setChosen] = useState<TicketId | null>(null);
  const [isMissing, setMissing] = useState(false);
  const { tickets, problem: unread } = useNewestTickets(deciding.item.facts?.receipt_number);
  const { decide, field, problem, isBusy } = useDeciding(deciding, deskText.corrected);
  const shown = problem ?? unread;
  const correct = () => {
    setMissing(chosen === null);
    if (chosen === null) return;
    decide({ action: 'correct', chosen }, (asked) =>
      till.desk.correct({ ...asked, by: { ticket_id: chosen } }),
    );
  };
  return (
    <FormDialog
      title={deskText.correctTitle}
      lead={shown && <Notice tone="danger" title={shown.title} detail={shown.detail} />}
      submit={{ label: deskText.correctDo, icon: 'exchange', isDisabled: isBusy || tickets?.length === 0 }}
      onSubmit={correct}
      onClose={deciding.onClose}
    >
      {tickets?.length === 0 ? (
        <Notice tone="info" title={deskText.correctNone} />
      ) : (
        <>
          <p>{deskText.correctHint}</p>
          <div className={styles.tickets}>
            <VirtualList
              id="corrections"
              label={deskText.receipts}
              rows={tickets ?? []}
              rowKey={({ ticket_id }) => ticket_id}
              chosen={chosen}
              estimate={60}
              onChoose={({ ticket_id }) => {
                setChosen(ticket_id);
                setMissing(false);
              }}
            >
              {(ticket) => <Receipt ticket={ticket} />}
            </VirtualList>
          </div>
          <FormError>{isMissing ? deskText.chooseReceipt : null}</FormError>
          <Field label={deskText.note} hint={deskText.noteHint} {...field} maxLength={500} />
        </>
      )}
    </FormDialog>
  );
}

function Receipt({ ticket }: { ticket: IssuedTicket }) {
  const { zone } = useTerminal().location;
  return (
    <span className={styles.ticket}>
      <Icon name={ticket.kind === 'refund' ? 'refund' : 'receipt'} />
      <span className={styles.number}>{ticket.receipt_number}</span>
      <span className={styles.amount}>{displayMoney(ticket.due_minor, ticket.currency)}</span>
      <span className={styles.sub}>{displayInstant(ticket.completed_at, zone)}</span>
    </span>
  );
}

/** The newest receipts but the one that is in trouble; null until they have come. */
function useNewestTickets(but: string | null | undefined) {
  const [tickets, setTickets] = useState<readonly IssuedTicket[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    till.sales.recentTickets({ limit: NEWEST }).then(
      (found) => setTickets(found.filter(({ receipt_number }) => receipt_number !== but)),
      (error: unknown) => setProblem(explain(error)),
    );
  }, [but]);
  return { tickets, problem };
}
