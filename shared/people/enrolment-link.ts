import { enrolmentCodeSchema } from '../contract/central.ts';

/** A code for a new terminal can be used for so long, once. */
export const ENROLMENT_MINUTES = 10;

const LINK = /^(https?:\/\/[^/\s#][^\s#]*)#enrol=([0-9A-Z-]+)$/i;

/** What a new device scans: where its server is, and the code as the fragment, which no browser sends anywhere. */
export const enrolmentLink = (server_url: string, code: string): string =>
  `${server_url.replace(/\/+$/, '')}/#enrol=${code}`;

/** The parts of such a link; null for any other text, and for one that has not been read to its end. */
export function readEnrolmentLink(text: string): { server_url: string; code: string } | null {
  const [, address = '', typed] = LINK.exec(text.trim()) ?? [];
  const code = enrolmentCodeSchema.safeParse(typed);
  return code.success ? { server_url: address.replace(/\/+$/, ''), code: code.data } : null;
}
