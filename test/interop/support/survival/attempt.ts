import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Client, Command } from '../../../support/clients/index.ts';
import type { LoggedRequest } from '../../../support/registry/log.ts';
import type { Scenario } from './scenarios.ts';
import { PASSWORD, type Stage } from './stage.ts';

/** How an attempt ended. `refused`: with an error, and without harm. */
export type Verdict = 'survived' | 'refused' | 'wrong';

export interface Outcome {
  readonly verdict: Verdict;
  /** What the client said, or what is wrong. */
  readonly said: string;
}

/** Longer than a client with patience takes, the silence that this project's own tolerates included. */
const LIMIT_MS = 90_000;

/** Lets a client do it, and looks at bytes, tags, requests and words, whatever it says itself. Undefined: it has no word for it. */
export async function attempt(client: Client, scenario: Scenario, stage: Stage): Promise<Outcome | undefined> {
  const command = scenario.command(client, stage);
  if (command === undefined) return undefined;
  const { code, printed, said } = await runBounded(command, stage.home);
  const wrong = (what: string): Outcome => ({ verdict: 'wrong', said: what });
  if (isLeaked(stage.registry.requests(), stage.registry.host)) return wrong('sends its credential to another origin');
  if (`${printed}${said}`.includes(PASSWORD)) return wrong('prints the password');
  if (code === null) return wrong(`has not ended after ${LIMIT_MS / 1000} s`);
  const problem = code === 0 ? await scenario.problem(stage, printed) : await scenario.harm?.(stage);
  if (problem !== undefined) return wrong(`ends with ${code}, but ${problem}`);
  if (code === 0) return { verdict: 'survived', said: '' };
  const message = sentenceOf(said.trim() === '' ? printed : said, stage);
  return message === '' ? wrong('fails without a word') : { verdict: 'refused', said: message };
}

/** Whether a credential came by the other name of the machine, which is another origin. */
function isLeaked(requests: readonly LoggedRequest[], host: string): boolean {
  return requests.some(
    ({ headers }) =>
      headers['host'] !== host && (headers['authorization'] !== undefined || headers['cookie'] !== undefined),
  );
}

interface Ended {
  /** Null when it had to be ended. */
  readonly code: number | null;
  readonly printed: string;
  readonly said: string;
}

async function runBounded({ program, args, cwd }: Command, home: string): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: home, DOCKER_CONFIG: `${home}/.docker` };
  const child = spawn(program, args, {
    cwd: cwd ?? home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [printed, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, printed, said };
}

/** Characters of a message that a footnote shows. */
const MAX_SENTENCE = 160;

/** The line that says what is wrong, the same wherever and whenever it runs. */
function sentenceOf(said: string, { home, registry }: Stage): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/level=(?:WARN|INFO)/i.test(line));
  const line = lines.findLast((one) => /error|fatal|failed|denied|refused/i.test(one)) ?? lines.at(-1) ?? '';
  const sentence = line
    .replaceAll(home, 'HOME')
    .replaceAll(registry.host, 'REGISTRY')
    .replace(/\b(?:localhost|127\.0\.0\.1):\d+/g, 'OTHER')
    .replace(/^\d{4}[/-]\d\d[/-]\d\d[T ][\d:.Z]+\s*/, '')
    .replace(/time=(?:"[^"]*"|\S+)\s*/g, '')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, 'ID')
    .replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…')
    .replace(/\b0x[0-9a-f]+\b/g, '0x…')
    .replaceAll('`', "'")
    .trim();
  return sentence.length > MAX_SENTENCE ? `${sentence.slice(0, MAX_SENTENCE)}…` : sentence;
}
