import { join } from 'node:path';
import type { Config } from '../config.ts';
import { folderPost } from './folder-post.ts';
import type { Letter } from './letter.ts';
import { smtpPost } from './smtp-post.ts';

/**
 * What became of a letter. `refused`: the same letter would be refused again. `delayed`: it may go out later. The
 * reason is for whoever asked for the mail.
 */
export type Posted =
  | { readonly state: 'sent' }
  | { readonly state: 'refused' | 'delayed'; readonly reason: string };

/** Takes letters. Never throws for what a mail server or the network does. */
export type Post = (letter: Letter) => Promise<Posted>;

/**
 * The mail server of the configuration. Without one letters become files during development; in production they are
 * refused, because nobody would find them.
 */
export function openPost(config: Config): Post {
  if (config.TILLDOCK_SMTP_URL !== undefined && config.TILLDOCK_MAIL_FROM !== undefined) {
    return smtpPost(config.TILLDOCK_SMTP_URL, config.TILLDOCK_MAIL_FROM);
  }
  if (config.NODE_ENV === 'production') return async () => NO_MAIL_SERVER;
  return folderPost(join(config.TILLDOCK_DATA, 'mail'));
}

const NO_MAIL_SERVER: Posted = {
  state: 'refused',
  reason: 'No mail server is set up, so nothing can be mailed.',
};
