import nodemailer from 'nodemailer';
import { failedPost } from './failed-post.ts';
import { messageOf } from './message.ts';
import type { Post } from './post.ts';

/** Mail servers may take long: 15 s and more for the last answer are usual where mails are looked through first. */
const PATIENCE_MS = {
  connectionTimeout: 20_000,
  greetingTimeout: 30_000,
  dnsTimeout: 10_000,
  socketTimeout: 60_000,
};

/** Hands letters to a mail server, each over a connection of its own. */
export function smtpPost(url: string, from: string): Post {
  const transport = nodemailer.createTransport({ ...smtpOptions(url), ...PATIENCE_MS });
  return async (letter) => {
    try {
      await transport.sendMail(messageOf(from, letter));
      return { state: 'sent' };
    } catch (error) {
      return failedPost(error, letter);
    }
  };
}

/**
 * `smtps://` speaks TLS from the first byte. `smtp://` must change to TLS before anything is said, but for a server
 * on this machine; `?tls=off` and `?tls=on` say otherwise. Name and password in the address are percent-encoded.
 */
function smtpOptions(url: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'smtps:';
  const wantsTls = (searchParams.get('tls') ?? (LOOPBACK.test(host) ? 'off' : 'on')) !== 'off';
  return {
    host,
    secure,
    requireTLS: wantsTls && !secure,
    ignoreTLS: !wantsTls,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;
