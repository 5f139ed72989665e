import { describe, expect, it } from 'vitest';
import type { CredentialSource, SecretsBackend } from '../../../floe-oci.d.ts';
import { contained } from '../../../src/views/api/contained.ts';
import { ContributedCredentials, contributedBackends } from '../../../src/views/api/contributedCredentials.ts';
import { Recorder } from '../support/recorder.ts';

const basic = { kind: 'basic', username: 'me', password: 'secret' } as const;
const sourceOf = (label: string, credentialFor: CredentialSource['credentialFor']) => ({ label, credentialFor });

function credentialsOf(...credentialSources: readonly CredentialSource[]) {
  const logger = new Recorder();
  return { credentials: new ContributedCredentials({ credentialSources }, logger), logger };
}

describe('credentials that other extensions know', () => {
  it('are those of the first that knows one, and named after it', async () => {
    const { credentials } = credentialsOf(
      sourceOf('empty', () => undefined),
      sourceOf('vault', async (registry) => ({ ...basic, username: registry })),
      sourceOf('late', () => basic),
    );
    const found = await credentials.credentialFor('r.example:5000');
    expect(found).toEqual({ ...basic, username: 'r.example:5000', source: 'vault' });
  });

  it.each([
    ['identityToken', { kind: 'identityToken', token: 't', username: 'u' }],
    ['registryToken', { kind: 'registryToken', token: 't' }],
  ] as const)('may be a %s', async (_kind, credential) => {
    const { credentials } = credentialsOf(sourceOf('vault', () => credential));
    expect(await credentials.credentialFor('r.example')).toEqual({ ...credential, source: 'vault' });
  });

  it.each<[string, CredentialSource['credentialFor']]>([
    [
      'throws',
      () => {
        throw new Error('password=hunter2');
      },
    ],
    ['fails', async () => Promise.reject(new TypeError('hunter2'))],
    ['throws what is no error', async () => Promise.reject('hunter2')],
    ['answers a text', () => 'hunter2' as never],
    ['answers half a credential', () => ({ kind: 'basic', username: 'hunter2' }) as never],
    ['answers null', () => null as never],
  ])('count as none when an extension %s, whose text is not in the log', async (_what, credentialFor) => {
    const { credentials, logger } = credentialsOf(
      sourceOf('broken', credentialFor),
      sourceOf('next', () => basic),
    );
    expect(await credentials.credentialFor('r.example')).toEqual({ ...basic, source: 'next' });
    expect(logger.lines.join()).toContain('warn contribution_failed {"contribution":"credential source broken"');
    expect(logger.lines.join()).not.toContain('hunter2');
  });

  it('end with the call that wants them', async () => {
    const controller = new AbortController();
    const cancelled: boolean[] = [];
    const { credentials } = credentialsOf(
      sourceOf('slow', (_registry, token) => {
        token.onCancellationRequested(() => cancelled.push(true));
        controller.abort(new Error('enough'));
        return new Promise(() => {});
      }),
    );
    await expect(credentials.credentialFor('r.example', { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(cancelled).toEqual([true]);
  });

  it('are not waited for any longer than anybody is', async () => {
    const logger = new Recorder();
    const answer = await contained('slow one', () => new Promise(() => {}), String, { logger, patience: 1 });
    expect(answer).toBeUndefined();
    expect(logger.lines).toHaveLength(1);
  });
});

describe('secrets that other extensions know', () => {
  const reference = { source: 'vault', name: 'robot', key: 'password' };
  const backendsOf = (read: SecretsBackend['read']) => {
    const logger = new Recorder();
    return { backends: contributedBackends({ backends: new Map([['vault', { read }]]) }, logger), logger };
  };

  it('are asked for by source, name and key', async () => {
    const { backends } = backendsOf(({ source, name, key }) => [source, name, key].join(' '));
    expect(await backends['vault']?.read(reference)).toBe('vault robot password');
    expect(await backends['vault']?.read({ source: 'vault', name: 'robot', key: null })).toBe('vault robot ');
  });

  it('count as missing where the answer is none', async () => {
    const { backends, logger } = backendsOf(() => ({ hunter2: true }) as never);
    expect(await backends['vault']?.read(reference)).toBeUndefined();
    expect(logger.lines.join()).not.toContain('hunter2');
  });
});
