import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { messageOf } from './message.ts';
import type { Post } from './post.ts';

/**
 * For development without a mail server: each letter becomes a file in a folder that only its owner may read. The
 * code is in the file and not in the log.
 */
export function folderPost(folder: string): Post {
  const writer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return async (letter) => {
    const { message } = await writer.sendMail(messageOf('tilldock@localhost', letter));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const moment = new Date().toISOString().replace(/[:.]/g, '-');
    const file = join(folder, `${moment}-${randomBytes(4).toString('hex')}.eml`);
    await writeFile(file, message as Buffer, { mode: 0o600, flag: 'wx' });
    process.stdout.write(`No mail server is set (TILLDOCK_SMTP_URL), so a mail was written to ${file}\n`);
    return { state: 'sent' };
  };
}
