import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

const auth = { username: 'me', password: 'right-password' };
const manifestFor = ({ host }: TestRegistry, type: string): string =>
  `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${host}/team/orders\n    auth: { type: ${type} }\n`;
const PUSH = ['push', '-a', 'doc.json', '-t', 'v1.0.0', '--max-attempts', '1'];
const file = ({ host }: TestRegistry): string =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from('me:right-password').toString('base64') } } });

describe.each(['aws-irsa', 'azure-managed-identity', 'gcp-workload-identity'])('a manifest.yaml with %s', (type) => {
  it('gets no identity of a cloud for a registry that is not of that cloud', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({ 'manifest.yaml': manifestFor(registry, type) });
    const result = await workspace.run(...PUSH, '--config', 'manifest.yaml', '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: type, reason: expect.stringContaining(`${registry.host} is no registry of`) },
    });
  });

  it('leaves a developer what Docker signed in to', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({
      'manifest.yaml': manifestFor(registry, type),
      'auth.json': file(registry),
    });
    const env = {
      REGISTRY_AUTH_FILE: workspace.path('auth.json'),
      AWS_PROFILE: 'deploy',
      IDENTITY_ENDPOINT: 'http://x',
    };
    expect((await workspace.runIn({ env }, ...PUSH, '--config', 'manifest.yaml')).code).toBe(0);
  });

  it('that nobody named asks before a cloud is asked', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({ 'manifest.yaml': manifestFor(registry, type) });
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      questions.push(question);
      return false;
    };
    const result = await workspace.runIn({ confirm }, ...PUSH, '--json');
    expect([result.code, errorOf(result).code]).toEqual([2, 'MISSING_CREDENTIAL']);
    expect(questions).toEqual([
      `Only ./manifest.yaml names the registry ${registry.host}. Send it the credential from ${type}?`,
    ]);
  });
});
