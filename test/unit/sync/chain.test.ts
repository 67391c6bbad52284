import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, hashSchema, type Link, linkHash, verifyChain } from '#shared/sync/chain.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

function chainOf(values: readonly unknown[]): Link[] {
  let prev_hash = GENESIS;
  return values.map((value) => {
    const canonical = canonicalJson(value);
    const link = { canonical, prev_hash, hash: linkHash(prev_hash, canonical, sha256) };
    prev_hash = link.hash;
    return link;
  });
}

const amounts = fc.array(fc.record({ total_minor: fc.integer(), name: fc.string() }), {
  minLength: 2,
  maxLength: 8,
});
const place = fc.nat();
const broken = (links: readonly Link[]) => {
  const result = verifyChain(links, GENESIS, sha256);
  return result.intact ? null : result.index;
};

describe('a chain of operations', () => {
  test('as it was written is intact and ends in its last hash', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const links = chainOf(values);
        expect(verifyChain(links, GENESIS, sha256)).toEqual({ intact: true, last_hash: links.at(-1)?.hash });
      }),
    );
    expect(verifyChain([], GENESIS, sha256)).toEqual({ intact: true, last_hash: GENESIS });
  });

  test('can be checked in pieces, each from the hash before it', () => {
    fc.assert(
      fc.property(amounts, place, (values, at) => {
        const links = chainOf(values);
        const cut = at % links.length;
        const before = cut === 0 ? GENESIS : (links[cut - 1]?.hash ?? '');
        expect(verifyChain(links.slice(cut), before, sha256).intact).toBe(true);
      }),
    );
  });

  test('shows any edit, even where the editor made the link’s own hash fit again', () => {
    fc.assert(
      fc.property(amounts, place, fc.boolean(), (values, at, rehash) => {
        const links = chainOf(values);
        const index = at % links.length;
        const edited = links.map((link, position) => {
          if (position !== index) return link;
          const canonical = `${link.canonical} `;
          return {
            ...link,
            canonical,
            hash: rehash ? linkHash(link.prev_hash, canonical, sha256) : link.hash,
          };
        });
        if (!rehash) expect(broken(edited)).toBe(index);
        else if (index < links.length - 1) expect(broken(edited)).toBe(index + 1);
        else
          expect(verifyChain(edited, GENESIS, sha256)).not.toMatchObject({ last_hash: links.at(-1)?.hash });
      }),
    );
  });

  test('shows a removed link; a removed end shows in the last hash', () => {
    fc.assert(
      fc.property(amounts, place, (values, at) => {
        const links = chainOf(values);
        const index = at % links.length;
        const left = links.toSpliced(index, 1);
        if (index < links.length - 1) expect(broken(left)).toBe(index);
        else expect(verifyChain(left, GENESIS, sha256)).not.toMatchObject({ last_hash: links.at(-1)?.hash });
      }),
    );
  });

  test('shows an inserted link, a repeated one and two that changed places', () => {
    fc.assert(
      fc.property(amounts, place, (values, at) => {
        const links = chainOf(values);
        const index = at % (links.length - 1);
        const [link, next] = links.slice(index, index + 2);
        if (link === undefined || next === undefined) throw new Error('two links');
        expect(broken(links.toSpliced(index, 0, next))).toBe(index);
        expect(broken(links.toSpliced(index, 0, link))).toBe(index + 1);
        expect(broken(links.toSpliced(index, 2, next, link))).toBe(index);
      }),
    );
  });

  test('does not fit behind another history', () => {
    const links = chainOf([{ total_minor: 1 }]);
    expect(verifyChain(links, sha256('elsewhere'), sha256)).toEqual({ intact: false, index: 0 });
  });
});

test('a hash is 64 hexadecimal digits in lower case', () => {
  expect(hashSchema.parse(sha256(''))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  for (const hash of [sha256('').toUpperCase(), '', GENESIS.slice(1), `${GENESIS}\n`]) {
    expect(hashSchema.safeParse(hash).success).toBe(false);
  }
});
