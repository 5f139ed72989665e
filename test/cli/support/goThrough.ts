import { expect } from 'vitest';
import type { ProviderName } from '../../../src/oci/registries/providerName.ts';
import { type CliResult, errorOf } from './runCli.ts';

/** What each answers, besides the content, which is the same everywhere. */
export interface Answers {
  /** What it is found out to be; default: that is not looked at. */
  readonly kind?: ProviderName;
  /** The project, namespace, group or owner whose repositories are listed; default: all of the registry. */
  readonly listedAt?: string;
  /** Docker Hub's have two parts. */
  readonly repository?: string;
  /** A push needs something to be there first: it is refused, and `--create` makes it. */
  readonly creates?: boolean;
  /** Dates are the registry's. */
  readonly dates?: boolean;
  /** Exit codes. Default 0. */
  readonly tagDeletion?: number;
  readonly manifestDeletion?: number;
}

/**
 * Every command that has to do with what a registry is, at one registry, with two files in the working folder. The last
 * manifest is gone in the end, where the registry removes manifests.
 */
export async function goThrough(
  run: (...argv: string[]) => Promise<CliResult>,
  host: string,
  { kind, repository = 'acme/team/notes', creates = false, dates = false, listedAt, ...deletion }: Answers,
): Promise<{ readonly repository: string }> {
  const { tagDeletion = 0, manifestDeletion = 0 } = deletion;
  const place = `${host}/${repository}`;
  // A project of Harbor's that is not there is refused in ways that only a real one shows.
  if (creates && kind !== 'harbor') {
    const refused = await run('push', `${place}:v1.0.0`, 'notes.txt', '--json');
    expect([refused.code, errorOf(refused).code]).toEqual([3, 'NOT_FOUND']);
    expect(errorOf(refused).hint).toContain('push --create');
  }
  const pushed = await run('push', `${place}:v1.0.0`, 'notes.txt', '--create');
  expect([pushed.code, pushed.stderr.includes('Created what')]).toEqual([0, creates]);
  const digest = pushed.stdout.trim();
  expect((await run('tag', `${place}:v1.0.0`, 'also')).code).toBe(0);

  const repos = await run('repos', listedAt === undefined ? host : `${host}/${listedAt}`);
  expect([repos.code, repos.stdout, repos.stderr]).toEqual([0, `${repository}\n`, '']);

  const { tags } = JSON.parse((await run('list', place, '--json')).stdout);
  const row = expect.objectContaining({ digest, size: 5, created: dates ? expect.stringMatching(/^20\d\d-/) : null });
  expect(tags).toEqual([row, row]);
  expect(JSON.parse((await run('inspect', `${place}:v1.0.0`, '--json')).stdout)).toMatchObject({ digest });
  expect((await run('pull', `${place}:v1.0.0`, '-o', 'out')).code).toBe(0);

  const sbom = ['--artifact-type', 'application/vnd.example.sbom'];
  expect((await run('attach', `${place}:v1.0.0`, 'other.txt', ...sbom)).code).toBe(0);
  const { referrers } = JSON.parse((await run('referrers', `${place}:v1.0.0`, '--json')).stdout);
  expect(referrers).toHaveLength(1);

  if (kind !== undefined) {
    const { checks } = JSON.parse((await run('doctor', place, '--json')).stdout);
    const told = checks.find((check: { readonly name: string }) => check.name === 'Kind');
    expect(told?.facts.provider ?? 'distribution').toBe(kind);
  }

  const untagged = await run('delete', `${place}:also`, '--yes', '--json');
  expect(untagged.code).toBe(tagDeletion);
  const removed = await run('delete', `${place}@${digest}`, '--yes', '--json');
  expect(removed.code).toBe(manifestDeletion);
  for (const refused of [untagged, removed].filter(({ code }) => code !== 0)) {
    expect(errorOf(refused).code).toBe('UNSUPPORTED');
  }
  expect((await run('resolve', `${place}:v1.0.0`, '--refresh')).code).toBe(manifestDeletion === 0 ? 3 : 0);
  return { repository };
}
