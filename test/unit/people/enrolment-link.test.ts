import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enrolmentLink, readEnrolmentLink } from '#shared/people/enrolment-link.ts';

describe('what a new device scans', () => {
  const letter = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ');
  const code = fc.string({ unit: letter, minLength: 12, maxLength: 12 });
  const server = fc.constantFrom(
    'http://127.0.0.1:8484',
    'https://pos.example.com',
    'https://example.com/shops/tilldock',
  );

  test('holds the server and the code, however the server was written', () => {
    fc.assert(
      fc.property(server, code, fc.constantFrom('', '/', '//'), (server_url, text, end) => {
        expect(readEnrolmentLink(enrolmentLink(server_url + end, text))).toEqual({ server_url, code: text });
      }),
    );
  });

  test('is nothing until the last letter of it is there, and nothing with one more', () => {
    const link = enrolmentLink('https://pos.example.com', 'ABCD-EFGH-JKMN');
    for (let length = 0; length < link.length; length += 1) {
      expect(readEnrolmentLink(link.slice(0, length))).toBeNull();
    }
    expect(readEnrolmentLink(link)).toEqual({ server_url: 'https://pos.example.com', code: 'ABCDEFGHJKMN' });
    expect(readEnrolmentLink(`${link}P`)).toBeNull();
  });

  test('is no other address, and no other picture', () => {
    for (const text of [
      'https://pos.example.com',
      'ABCD-EFGH-JKMN',
      'javascript:alert(1)#enrol=ABCDEFGHJKMN',
    ]) {
      expect(readEnrolmentLink(text)).toBeNull();
    }
  });
});
