import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type Mail, readMail } from './read-mail.ts';

/** A real SMTP server that keeps what it was given. */
export type Mailbox = {
  readonly url: string;
  readonly port: number;
  /** Everything that came whole, in order, whatever the server answered then. */
  readonly mails: readonly Mail[];
  /** Waits until so many have come for an address, and gives the last one. */
  readonly mailTo: (address: string, count?: number) => Promise<Mail>;
  readonly close: () => Promise<void>;
};

/** What the server does once a mail has come whole; it is accepted where nothing is said. */
type OnMail = (answer: {
  mail: Mail;
  accept: () => void;
  refuse: (error: Error) => void;
  hangUp: () => void;
}) => void;

/** Starts a mail server. Without options it takes everything, without TLS and without a sign-in. */
export async function mailbox(
  onMail: OnMail = ({ accept }) => accept(),
  options: SMTPServerOptions = {},
): Promise<Mailbox> {
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const mail = readMail(Buffer.concat(chunks).toString('latin1'), session.envelope.rcptTo);
        mails.push(mail);
        for (const look of waiting) look();
        const hangUp = () => {
          for (const connection of server.connections) {
            if (connection.session.id === session.id) connection.close();
          }
        };
        onMail({ mail, accept: () => callback(), refuse: callback, hangUp });
      });
    },
    ...options,
  });
  // A client that hangs up in the middle is part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailTo = (address: string, count = 1): Promise<Mail> =>
    new Promise((resolve) => {
      const look = () => {
        const found = mails.filter(({ to }) => to.includes(address))[count - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    mailTo,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What a mail server says no with. */
export const smtpError = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });
