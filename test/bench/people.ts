import { hashSecret, secretHolds } from '../../server/people/secret-hash.ts';
import { askForToken } from '../support/office.ts';
import { addColleague, type Colleague, colleaguePassword } from '../support/people.ts';
import { type Centre, openCentre } from './centre.ts';
import { type Described, elapsed, measure, percentile } from './measure.ts';

const SIGN_INS = 1000;
/** As many at once as libuv has threads for password hashes. */
const AT_ONCE = 4;
const REQUESTS = 2000;
const WARM_UP = 200;

/** People of the office against a real server: what a request costs that knows who asks, and a thousand sign-ins. */
export async function benchPeople(): Promise<Described[]> {
  // Sign-ins from many places, which the server has to be told of: from one it takes a hundred a minute.
  process.env.TILLDOCK_PROXIES = '127.0.0.1';
  const centre = await openCentre();
  try {
    const { url } = centre.server;
    const people: Colleague[] = [];
    for (let index = 0; index < AT_ONCE; index += 1)
      people.push(await addColleague(centre, url, centre.company));
    const requests = await askAlternately(centre, people[0]);
    const against = 'GET /health of the same server, which asks nobody';
    const limit = (share: number) => ({
      value: percentile(requests.me, share),
      limit: percentile(requests.health, share),
    });
    return [
      measure('auth.request.p50', 'ms', limit(0.5), { against, goal: 'none set' }),
      measure('auth.request.p99', 'ms', limit(0.99), { against, goal: 'none set' }),
      measure(
        'auth.sign_in',
        'sign-ins/s',
        { value: await signInsPerSecond(url, people), limit: await verificationsPerSecond() },
        { against: 'bare argon2id verifications, as many at once', goal: 'none set' },
      ),
    ];
  } finally {
    await centre.close();
  }
}

/** Milliseconds of `GET /api/v1/me` with a token and of `GET /health`, one after the other. */
async function askAlternately(centre: Centre, person: Colleague | undefined) {
  if (!person) throw new Error('nobody asks');
  const { tokens } = await person.signIn();
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const ask = async (path: string): Promise<void> => {
    const response = await fetch(centre.server.url + path, { headers });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  };
  const [me, health]: [number[], number[]] = [[], []];
  for (let index = -WARM_UP; index < REQUESTS; index += 1) {
    const [asked, idle] = [await elapsed(() => ask('/api/v1/me')), await elapsed(() => ask('/health'))];
    if (index < 0) continue;
    me.push(asked);
    health.push(idle);
  }
  return { me, health };
}

async function signInsPerSecond(url: string, people: readonly Colleague[]): Promise<number> {
  return perSecond(SIGN_INS, async (lane) => {
    const username = people[lane]?.email ?? '';
    const answer = await askForToken(url, { grant_type: 'password', username, password: colleaguePassword });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  });
}

async function verificationsPerSecond(): Promise<number> {
  const kept = await hashSecret(colleaguePassword);
  return perSecond(SIGN_INS, async () => {
    if (!(await secretHolds(kept, colleaguePassword))) throw new Error('the password does not hold');
  });
}

/** So many in lanes beside each other; how many a second. */
async function perSecond(times: number, run: (lane: number) => Promise<void>): Promise<number> {
  const ms = await elapsed(() =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (let count = 0; count < times / AT_ONCE; count += 1) await run(lane);
      }),
    ),
  );
  return (times / ms) * 1000;
}
