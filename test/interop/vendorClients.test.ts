import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { putArtifact } from '../oci/registries/support.ts';
import { startEcrApi } from '../support/cloud/ecrApi.ts';
import { PROFILES } from '../support/registry/profiles.ts';
import { startVendor, VENDORS, VENDORS_CA } from '../support/registry/vendors.ts';
import { type ClientRun, runClient } from './support/runClient.ts';
import { temporaryFolder } from './support/runCommand.ts';

const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

/** What one client asks of the server that plays its vendor, and what it has to make of the answers. */
interface Conversation {
  readonly program: string;
  readonly vendor: keyof typeof VENDORS;
  readonly env?: (home: string) => Readonly<Record<string, string>>;
  /** Commands, and what each prints; a text is given on stdin. */
  readonly says: readonly (readonly [args: string, prints: RegExp, stdin?: string])[];
}

const { username, password } = PROFILES.Harbor.options.auth;
const acr = '--username ann --password secret -n floeoci';
const gar = '--project acme --location europe-west1';

const CONVERSATIONS: readonly Conversation[] = [
  {
    program: 'aws',
    vendor: 'Amazon ECR',
    says: [
      ['ecr describe-repositories', /"repositoryName": "acme\/notes"/],
      ['ecr describe-images --repository-name acme/notes --filter tagStatus=TAGGED', /"imageTags": \[\s*"v1\.0\.0"/],
      ['ecr create-repository --repository-name acme/fresh', /"repositoryName": "acme\/fresh"/],
      ['ecr batch-delete-image --repository-name acme/notes --image-ids imageTag=also', /"failures": \[\]/],
    ],
  },
  {
    program: 'aws',
    vendor: 'Amazon ECR Public',
    says: [
      ['ecr-public describe-repositories --region us-east-1', /"repositoryUri": "public\.ecr\.aws\/acme\/notes"/],
      ['ecr-public describe-images --repository-name notes --region us-east-1', /"imageTags": \[\s*"v1\.0\.0"/],
      ['ecr-public create-repository --repository-name fresh --region us-east-1', /"repositoryName": "fresh"/],
    ],
  },
  {
    program: 'az',
    vendor: 'ACR',
    says: [
      [`acr repository list ${acr}`, /"acme\/notes"/],
      [`acr repository show-tags --repository acme/notes --detail ${acr}`, /"name": "v1\.0\.0"/],
      [`acr repository show --repository acme/notes ${acr}`, /"writeEnabled": true/],
      [`acr repository untag --image acme/notes:also ${acr}`, /^/],
      [`acr repository show-tags --repository acme/notes ${acr}`, /^\[\s*"v1\.0\.0"\s*\]/],
    ],
  },
  {
    program: 'gcloud',
    vendor: 'GAR',
    env: (home) => {
      writeFileSync(join(home, 'token'), password);
      return { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(home, 'token') };
    },
    says: [
      [`artifacts repositories create notes --repository-format=docker --async ${gar}`, /^/],
      [`artifacts repositories list ${gar} --format=value(name,format)`, /notes\tDOCKER/],
      [`artifacts packages list --repository notes ${gar} --format=value(name)`, /^/],
    ],
  },
  {
    program: 'docker',
    vendor: 'Docker Hub',
    says: [[`login -u ${username} --password-stdin`, /Login Succeeded/, password]],
  },
  ...['Harbor', 'GHCR', 'Quay', 'gitlab.com', 'Gitea', 'zot', 'Nexus', 'Artifactory'].map(
    (vendor): Conversation => ({
      program: 'docker',
      vendor,
      says: [[`login -u ${username} --password-stdin ${VENDORS[vendor]?.host}`, /Login Succeeded/, password]],
    }),
  ),
  ...['Harbor', 'ACR', 'GHCR', 'Docker Hub', 'Quay', 'gitlab.com', 'Gitea', 'zot', 'Nexus'].map(
    (vendor): Conversation => ({
      program: 'skopeo',
      vendor,
      env: (home) => ({ REGISTRY_AUTH_FILE: join(home, 'auth.json') }),
      says: [
        [`login -u ${username} --password-stdin ${VENDORS[vendor]?.host}`, /Login Succeeded/, password],
        [`list-tags docker://${VENDORS[vendor]?.host}/acme/notes`, /"v1\.0\.0"/],
      ],
    }),
  ),
];

const programs = [...new Set(CONVERSATIONS.map(({ program }) => program))];
const missing = programs.filter((program) => !isHere(program));
const without = missing.length === 0 ? '' : ` (not here: ${missing.join(', ')})`;

/** Each server is taken for the vendor's by the vendor's own client, or by one that speaks to all of them. */
describe(`the servers that play vendors, asked by others${without}`, () => {
  const possible = CONVERSATIONS.filter(({ program }) => !missing.includes(program));
  it.each(possible)('$program is served as $vendor', async ({ program, vendor: name, env, says }) => {
    const vendor = VENDORS[name];
    if (vendor === undefined) throw new Error(`there is no vendor ${name}`);
    await using running = await startVendor(vendor);
    const { content } = running.server;
    putArtifact(running.server, 'acme/notes', ['v1.0.0', 'also']);
    const isPublic = vendor.kind === 'ecr-public';
    await using amazon = await startEcrApi({ keys, account: undefined, content, ...(isPublic && { alias: 'acme' }) });
    const home = temporaryFolder();
    const world: ClientRun['env'] = {
      HTTPS_PROXY: running.proxy,
      https_proxy: running.proxy,
      SSL_CERT_FILE: VENDORS_CA,
      REQUESTS_CA_BUNDLE: VENDORS_CA,
      ...(isPublic ? { AWS_ENDPOINT_URL_ECR_PUBLIC: amazon.url } : { AWS_ENDPOINT_URL_ECR: amazon.url }),
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_DEFAULT_OUTPUT: 'json',
      AZURE_CORE_COLLECT_TELEMETRY: 'false',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
      CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
      ...env?.(home),
    };
    for (const [args, prints, stdin] of says) {
      expect(await runClient({ program, args: args.split(' '), home, env: world, stdin })).toMatch(prints);
    }
    expect(amazon.violations).toEqual([]);
  });
});

function isHere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}
