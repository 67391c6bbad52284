import { type Letter, letterHtml, letterText } from './letter.ts';

/** A letter as nodemailer takes it. Addresses are given in parts and never parsed out of a text. */
export const messageOf = (from: string, letter: Letter) => ({
  from: { name: 'Tilldock', address: from },
  to: { name: '', address: letter.to },
  subject: letter.subject,
  text: letterText(letter),
  html: letterHtml(letter),
  // RFC 3834: out-of-office programs need not answer.
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
});
