import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { amazonParts } from '../../../src/oci/amazon.ts';
import type { Environment } from '../../../src/oci/credentials/environment.ts';
import { parseDigest } from '../../../src/oci/spec/digest.ts';
import { parseTag } from '../../../src/oci/spec/tag.ts';
import type { CloudServer } from '../../support/cloud/cloudServer.ts';
import { startEcrApi } from '../../support/cloud/ecrApi.ts';
import { failure } from '../../support/failure.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { type Asking, ask, nameOf, namesOf, putArtifact, tagsOf } from './support.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const ORDERS = nameOf('acme/orders');
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const { options } = PROFILES.ECR;

let server: TestRegistry;
let api: CloudServer;
let asking: Asking;
let close: () => void;

async function start(
  more: Partial<Parameters<typeof startEcrApi>[0]> = {},
  environment: Environment = {},
): Promise<void> {
  server = await startRegistry(options);
  api = await startEcrApi({ keys, content: server.content, ...more });
  vi.stubEnv('AWS_ENDPOINT_URL_ECR', api.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  const ecr = amazonParts(HOST, false, { AWS_ACCESS_KEY_ID: keys.accessKeyId, ...environment });
  close = ecr.close;
  asking = ask({ name: 'ecr', host: HOST, server, credential: options.auth, ecr });
}
beforeEach(() => {
  close = () => {};
});
afterEach(async () => {
  close();
  vi.unstubAllEnvs();
  await asking[Symbol.asyncDispose]();
  await server.close();
  await api[Symbol.asyncDispose]();
});

describe('Amazon ECR', () => {
  it('lists repositories, signed by the SDK, page by page', async () => {
    await start();
    for (const name of ['acme/a', 'acme/b', 'other/c']) putArtifact(server, name, ['v1']);
    expect(await namesOf(asking.provider.repositories())).toEqual(['acme/a', 'acme/b', 'other/c']);
    expect(await namesOf(asking.provider.repositories({ within: 'acme' }))).toEqual(['acme/a', 'acme/b']);
    expect([api.violations, api.requests.length, asking.warnings]).toEqual([[], 4, []]);
  });

  it('describes all tags with digest, size and date', async () => {
    await start();
    const digest = putArtifact(server, ORDERS, ['v1', 'latest'], 250);
    const about = {
      digest,
      size: 250,
      pushedAt: '2019-08-08T21:38:06.000Z',
      artifactType: 'application/vnd.example.thing',
    };
    expect(await tagsOf(asking.provider.tags(ORDERS))).toEqual(['v1', 'latest'].map((name) => ({ name, ...about })));
    expect([api.violations, server.requests()]).toEqual([[], []]);
  });

  it('makes a repository, once, after which a push is taken', async () => {
    await start();
    expect(await asking.provider.createRepository(ORDERS)).toBe('created');
    expect(await asking.provider.createRepository(ORDERS)).toBe('existed');
    expect(api.violations).toEqual([]);
  });

  it('takes a tag away', async () => {
    await start();
    putArtifact(server, ORDERS, ['v1', 'v2']);
    await asking.provider.deleteTag(ORDERS, parseTag('v1'));
    expect([...server.repository(ORDERS).tags.keys()]).toEqual(['v2']);
    await expect(asking.provider.deleteTag(ORDERS, parseTag('v1'))).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'tag' }),
    );
    expect(api.violations).toEqual([]);
  });

  it('does not take the last tag away, with which the manifest would go', async () => {
    await start();
    const digest = putArtifact(server, ORDERS, ['v1']);
    await expect(asking.provider.deleteTag(ORDERS, parseTag('v1'))).rejects.toEqual(failure('UNSUPPORTED'));
    expect(server.repository(ORDERS).manifests.has(digest)).toBe(true);
  });

  it('removes a manifest with all its tags', async () => {
    await start();
    const digest = parseDigest(putArtifact(server, ORDERS, ['v1', 'v2']));
    await asking.provider.deleteManifest?.(ORDERS, digest);
    const { manifests, tags } = server.repository(ORDERS);
    expect([manifests.has(digest), tags.size]).toEqual([false, 0]);
    await expect(asking.provider.deleteManifest?.(ORDERS, digest)).rejects.toEqual(
      failure('NOT_FOUND', { kind: 'manifest' }),
    );
  });

  it('says what is not there', async () => {
    await start();
    await expect(tagsOf(asking.provider.tags(ORDERS))).rejects.toEqual(failure('NOT_FOUND', { kind: 'repository' }));
  });

  it('tells that tags are kept', async () => {
    await start({ mutability: 'IMMUTABLE' });
    putArtifact(server, ORDERS, ['v1']);
    expect(await asking.provider.rules(ORDERS)).toMatchObject({ immutability: 'all' });
  });

  it('that may not be described is listed by the spec, with a line in the log', async () => {
    await start({ denied: ['DescribeImages', 'DescribeRepositories'] });
    putArtifact(server, ORDERS, ['v1']);
    expect(await tagsOf(asking.provider.tags(ORDERS))).toEqual([{ name: 'v1' }]);
    expect(await namesOf(asking.provider.repositories())).toEqual([ORDERS]);
    expect(asking.warnings.map(({ operation }) => operation)).toEqual(['tags', 'repositories']);
  });

  it('is listed by the spec where nothing names an identity, and none is looked for', async () => {
    await start({}, { AWS_ACCESS_KEY_ID: undefined });
    putArtifact(server, ORDERS, ['v1']);
    expect(await tagsOf(asking.provider.tags(ORDERS))).toEqual([{ name: 'v1' }]);
    expect(api.requests).toEqual([]);
    expect(asking.warnings).toEqual([]);
  });

  it('leads to the console', async () => {
    await start();
    const url = await asking.provider.webUrl({ kind: 'registry', registry: HOST, repository: ORDERS });
    expect(url?.href).toBe(
      `https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/123456789012/${ORDERS}?region=eu-west-1`,
    );
  });
});
