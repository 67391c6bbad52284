import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DoorKnock } from '#shared/contract/door.ts';

/** How long a token that nobody has used stays good, in ms: the time to copy an address into a browser. */
const tokenLife = 15 * 60_000;

/** One browser tab that was let in. It may lose its socket and come back, on one socket at a time. */
type Visit = {
  /** What the page must show to come back. Told to the page once. */
  readonly resume: string;
  /** The page has shown that it was told `resume`: the secret used before is dead from now on. */
  confirm(): void;
};

export type Doorkeeper = {
  /** A token that lets one page in, once. */
  mintToken(): string;
  /**
   * Judges a knock; null means no. `leave` is called when the same visit comes in by another socket.
   */
  admit(knock: DoorKnock, leave: () => void): Visit | null;
};

/**
 * Keeps the secrets of one door, in memory only: a restart invites everybody out. Secrets are 256 random bits,
 * kept as SHA-256, so that a look into this memory or a timing tells nothing of use.
 */
export const hireDoorkeeper = (now: () => number = () => performance.now()): Doorkeeper => {
  let tokens: { hash: Buffer; until: number }[] = [];
  let visits: { hashes: Buffer[]; leave: () => void }[] = [];

  const spendToken = (token: string): boolean => {
    tokens = tokens.filter(({ until }) => now() < until);
    const used = tokens.find(({ hash }) => isSame(hash, token));
    tokens = tokens.filter((one) => one !== used);
    return used !== undefined;
  };

  const enter = (visit: (typeof visits)[number], used: Buffer | null, leave: () => void): Visit => {
    const resume = newSecret();
    const latest = hashOf(resume);
    // Until the page confirms, the secret it came with stays good: the welcome may be lost on its way.
    visit.hashes = used === null ? [latest] : [used, latest];
    visit.leave = leave;
    return {
      resume,
      confirm: () => {
        if (visit.hashes.includes(latest)) visit.hashes = [latest];
      },
    };
  };

  return {
    mintToken: () => {
      const token = newSecret();
      tokens.push({ hash: hashOf(token), until: now() + tokenLife });
      return token;
    },
    admit: (knock, leave) => {
      if ('token' in knock) {
        if (!spendToken(knock.token)) return null;
        const visit = { hashes: [], leave };
        visits = [...visits.slice(1 - mostVisits), visit];
        return enter(visit, null, leave);
      }
      for (const visit of visits) {
        const used = visit.hashes.find((hash) => isSame(hash, knock.resume));
        if (used === undefined) continue;
        visit.leave();
        return enter(visit, used, leave);
      }
      return null;
    },
  };
};

/** Tabs remembered at one terminal; the oldest is forgotten first. */
const mostVisits = 16;

const newSecret = (): string => randomBytes(32).toString('base64url');

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const isSame = (hash: Buffer, secret: string): boolean => timingSafeEqual(hash, hashOf(secret));
