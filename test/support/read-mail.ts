/** A mail as a mail program shows it. */
export type Mail = {
  readonly to: readonly string[];
  /** Headers as they are shown, by their names in lower case; of several the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often each header stands in the mail. */
  readonly headerNames: readonly string[];
  readonly text: string;
  readonly html: string;
  /** The code: what stands alone on a line and looks like one. */
  readonly code: string;
};

/** Reads a mail as it came over the wire, one character a byte. */
export function readMail(raw: string, recipients: readonly { address: string }[]): Mail {
  const { headers, names, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('the mail has one part only');
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, '')));
  const part = (type: string): string => {
    const found = parts.find((entry) => entry.headers['content-type']?.startsWith(type));
    if (!found) throw new Error(`the mail has no part ${type}`);
    return decoded(found.body, found.headers['content-transfer-encoding'] ?? '7bit').replaceAll('\r\n', '\n');
  };
  const text = part('text/plain');
  return {
    to: recipients.map(({ address }) => address),
    headers,
    headerNames: names,
    text,
    html: part('text/html'),
    code: /^[\w-]{64}$/m.exec(text)?.[0] ?? '',
  };
}

function split(raw: string): { headers: Record<string, string>; names: string[]; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers: Record<string, string> = {};
  const names: string[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    names.push(name.toLowerCase());
    headers[name.toLowerCase()] ??= words(value);
  }
  return { headers, names, body: raw.slice(end + 4) };
}

/** RFC 2047: words of a header in another character set. */
const words = (value: string): string =>
  value
    .replace(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, coded: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(coded, 'base64').toString('utf8')
        : unquoted(coded.replaceAll('_', ' ')),
    );

const decoded = (body: string, encoding: string): string =>
  encoding === 'base64'
    ? Buffer.from(body, 'base64').toString('utf8')
    : encoding === 'quoted-printable'
      ? unquoted(body.replace(/=\r\n/g, ''))
      : Buffer.from(body, 'latin1').toString('utf8');

const unquoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
