import { afterEach, describe, expect, it, vi } from 'vitest';
import { startEcrApi } from '../support/cloud/ecrApi.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import type { Adapter } from '../support/registry/index.ts';
import { PROFILES } from '../support/registry/profiles.ts';
import { isFull, keepsWhatIsTagged } from '../support/registry/selfHostedApis.ts';
import { startVendor, VENDORS, VENDORS_CA } from '../support/registry/vendors.ts';
import { type Answers, goThrough } from './support/goThrough.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The command line, at the registry of a vendor under its own name. */
async function start(name: keyof typeof VENDORS, outermost: readonly Adapter[] = []) {
  const vendor = VENDORS[name];
  if (vendor === undefined) throw new Error(`there is no vendor ${name}`);
  const running = await startVendor(vendor, outermost);
  const { content } = running.server;
  const isPublic = vendor.kind === 'ecr-public';
  const amazon =
    vendor.kind === 'ecr' || isPublic
      ? await startEcrApi({ keys, content, ...(isPublic && { alias: 'acme' }) })
      : undefined;
  const identity = {
    ...(amazon && { [isPublic ? 'AWS_ENDPOINT_URL_ECR_PUBLIC' : 'AWS_ENDPOINT_URL_ECR']: amazon.url }),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  // Read where they are used, by what carries requests and by Amazon's SDK.
  vi.stubEnv('HTTPS_PROXY', running.proxy);
  if (amazon) for (const [variable, value] of Object.entries(identity)) vi.stubEnv(variable, value);
  const { username, password } = PROFILES[vendor.profile].options.auth;
  const workspace = await makeWorkspace({ 'notes.txt': 'hello', 'other.txt': 'goodbye' });
  const env = {
    ...(amazon && identity),
    HTTPS_PROXY: running.proxy,
    XDG_STATE_HOME: workspace.path('state'),
    FLOE_REGISTRY_USERNAME: username,
    FLOE_REGISTRY_PASSWORD: password,
    FLOE_REGISTRY_HOST: vendor.host,
  };
  const api = name === 'a GitLab of our own' ? ['--api-url', 'https://gitlab.example.com/api/v4'] : [];
  return {
    ...vendor,
    ...running,
    amazon,
    place: `${vendor.host}/acme/team/notes`,
    run: (...argv: string[]) => workspace.runIn({ env }, ...argv, '--ca-file', VENDORS_CA, ...api),
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
      await amazon?.[Symbol.asyncDispose]();
    },
  };
}

const ANSWERS: Readonly<Record<keyof typeof VENDORS, Omit<Answers, 'kind'>>> = {
  Harbor: { creates: true, dates: true },
  'Amazon ECR': { creates: true, dates: true },
  'Amazon ECR Public': { creates: true, dates: true },
  ACR: {},
  GAR: { creates: true, dates: true, listedAt: 'acme' },
  GHCR: { listedAt: 'acme', tagDeletion: 1 },
  'Docker Hub': { listedAt: 'acme', dates: true, repository: 'acme/notes', manifestDeletion: 1 },
  Quay: { dates: true, listedAt: 'acme' },
  'gitlab.com': { listedAt: 'acme' },
  'a GitLab of our own': { listedAt: 'acme' },
  Gitea: { listedAt: 'acme' },
  zot: { dates: true },
  Nexus: { tagDeletion: 1 },
  Artifactory: {},
  distribution: {},
};

describe.each(Object.entries(ANSWERS))('%s, under its own name', (name, answers) => {
  it('is found out, and lists, describes, gives and removes what is pushed there', async () => {
    await using it = await start(name);
    const { run, host, kind, amazon, server } = it;
    const { repository } = await goThrough(run, host, { kind, ...answers });
    const { tagDeletion = 0 } = answers;
    expect(server.repository(repository).tags.has('also')).toBe(tagDeletion !== 0 && answers.manifestDeletion === 1);
    expect(amazon?.violations ?? []).toEqual([]);
  });
});

it("Debian's docker-registry lists, gives and removes what is pushed there", async () => {
  await using registry = await startDockerRegistry();
  await using workspace = await makeWorkspace({ 'notes.txt': 'hello', 'other.txt': 'goodbye' });
  await goThrough((...argv) => workspace.run(...argv), registry.host, { kind: 'distribution', tagDeletion: 1 });
});

/** What they say of a tag that may not be moved: where that is written, see src/oci/remote/immutability.ts. */
const IMMUTABLE: readonly (readonly [name: keyof typeof VENDORS, status: number, code: string, message: string])[] = [
  ['Harbor', 412, 'PRECONDITION', "Failed to process request due to 'dev' configured as immutable."],
  [
    'Amazon ECR',
    400,
    'TAG_INVALID',
    "The image tag 'dev' already exists in the 'acme/team/notes' repository and cannot be overwritten because the repository is immutable.",
  ],
  ['ACR', 405, 'REGISTRY_DISALLOWED_OPERATION', 'The operation is disallowed on this registry, repository or image.'],
  ['GAR', 400, 'FAILED_PRECONDITION', 'Tag dev is immutable and cannot be updated.'],
  ['Quay', 409, 'TAG_IMMUTABLE', 'tag is immutable'],
  ['Nexus', 400, 'UNKNOWN', 'Repository does not allow updating assets: notes'],
];

it.each(IMMUTABLE)('an immutable tag at %s, refused with %d %s, is told in its words', async (name, ...refusal) => {
  await using it = await start(name, [keepsWhatIsTagged(/^dev$/, ...refusal)]);
  const { run, place } = it;
  expect((await run('push', `${place}:dev`, 'notes.txt', '--create')).code).toBe(0);
  const moved = await run('push', `${place}:dev`, 'other.txt', '--json');
  expect([moved.code, errorOf(moved).code]).toEqual([4, 'TAG_IMMUTABLE']);
  expect(moved.stderr).toContain(refusal[2]);
  // The same again is nothing new, and nothing that the registry is asked to do.
  expect((await run('push', `${place}:dev`, 'notes.txt')).code).toBe(0);
});

it.each([
  [
    'Harbor',
    'adding 5 Byte of storage resource, which when updated to current usage of 1.0 KiB will exceed the configured upper limit of 1.0 KiB.',
  ],
  ['Quay', 'Quota has been exceeded on namespace'],
])('a quota that is used up at %s is told in its words', async (name, message) => {
  await using it = await start(name, [isFull(403, 'DENIED', message)]);
  const full = await it.run('push', `${it.place}:dev`, 'notes.txt', '--json');
  expect([full.code, errorOf(full).code]).toEqual([2, 'DENIED']);
  expect(errorOf(full).message).toContain(message);
});
