import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failedPost } from '../../../server/mail/failed-post.ts';
import { type Letter, letterHtml, letterText, oneLine } from '../../../server/mail/letter.ts';

const letter = (changes: Partial<Letter> = {}): Letter => ({
  to: 'noor@shop.example',
  subject: 'Hello',
  parts: ['Dear Noor,', { code: 'abcd-efgh' }, 'Yours.'],
  ...changes,
});

describe('a name in a mail', () => {
  test('is one line without control characters, whatever it was, and at most 100 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const line = oneLine(name);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(line).toBe(line.trim());
        expect([...line].length).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('stays as people write it', () => {
    for (const name of ["Zoë O'Hara-Müller", 'می\u200cخواهم', '李小龍', 'Ann & Söhne GmbH']) {
      expect(oneLine(name)).toBe(name);
    }
    expect(oneLine('Bob\r\nBcc: eve@shop.example')).toBe('Bob Bcc: eve@shop.example');
    expect(oneLine('x'.repeat(200))).toBe(`${'x'.repeat(99)}…`);
  });
});

describe('a letter', () => {
  test('has its code alone on a line', () => {
    expect(letterText(letter())).toBe('Dear Noor,\n\nabcd-efgh\n\nYours.\n');
  });

  test('brings no HTML of others', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        const html = letterHtml(letter({ parts: [text, { code: text }] }));
        const inside = html.slice(html.indexOf('<p>') + 3, html.indexOf('</p>'));
        expect(inside).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('a mail that was not taken', () => {
  const cases = [
    [
      { code: 'EENVELOPE', responseCode: 550, response: '550 no' },
      'refused',
      /refused the mail. It said: 550 no$/,
    ],
    [{ code: 'EMESSAGE', responseCode: 554, response: '554 spam' }, 'refused', /554 spam/],
    [{ code: 'EENVELOPE' }, 'refused', /to this address/],
    [{ code: 'EPROTOCOL', responseCode: 503, response: '503 order' }, 'delayed', /did not take the mail yet/],
    [{ code: 'EENVELOPE', responseCode: 451, response: '451 later' }, 'delayed', /451 later/],
    [{ code: 'EAUTH', responseCode: 535, response: '535 who?' }, 'delayed', /sign-in. It said: 535 who\?$/],
    [{ code: 'ETLS', responseCode: 454, response: '454 no TLS' }, 'delayed', /safe connection \(TLS\)/],
    [{ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' }, 'delayed', /\(TLS\).*CERT_HAS_EXPIRED/],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, 'delayed', /cannot be reached \(ECONNREFUSED\)/],
    [{ code: 'ETIMEDOUT' }, 'delayed', /in time\.$/],
    [{ code: 'EDNS' }, 'delayed', /not known\.$/],
    [new Error('anything'), 'delayed', /could not be handed over\.$/],
    [undefined, 'delayed', /could not be handed over\.$/],
  ] as const;
  test.each(cases)('%o is %s', (error, state, reason) => {
    expect(failedPost(error, letter())).toEqual({ state, reason: expect.stringMatching(reason) });
  });
});
