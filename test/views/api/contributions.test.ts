import { describe, expect, it } from 'vitest';
import type { ArtifactRenderer, CredentialSource, SecretsBackend } from '../../../floe-oci.d.ts';
import { Contributions } from '../../../src/views/api/contributions.ts';
import { EventEmitter } from '../../support/vscode.ts';

const source: CredentialSource = { label: 'vault', credentialFor: () => undefined };
const backend: SecretsBackend = { read: () => undefined };
const renderer: ArtifactRenderer = { artifactTypes: ['application/x'], render: () => undefined };

function watched() {
  const contributions = new Contributions();
  const heard: string[] = [];
  contributions.onDidChangeCredentials(() => heard.push('credentials'));
  contributions.onDidChangeLooks(() => heard.push('looks'));
  return { contributions, heard };
}

describe('what other extensions add', () => {
  it('is there until its registration ends, and both are told', () => {
    const { contributions, heard } = watched();
    const registrations = [
      contributions.addCredentialSource(source),
      contributions.addBackend('vault', backend),
      contributions.addRenderer(renderer),
    ];
    expect(contributions.credentialSources).toHaveLength(1);
    expect([...contributions.backends.keys()]).toEqual(['vault']);
    expect(contributions.renderers).toHaveLength(1);
    for (const registration of registrations) registration.dispose();
    expect([contributions.credentialSources, [...contributions.backends], contributions.renderers]).toEqual([
      [],
      [],
      [],
    ]);
    expect(heard).toEqual(['credentials', 'credentials', 'looks', 'credentials', 'credentials', 'looks']);
  });

  it('ends once: what was registered afterwards stays', () => {
    const { contributions } = watched();
    const first = contributions.addBackend('vault', backend);
    first.dispose();
    contributions.addBackend('vault', backend);
    first.dispose();
    expect(contributions.backends.size).toBe(1);
  });

  it('registered twice is there twice', () => {
    const { contributions } = watched();
    contributions.addCredentialSource(source);
    contributions.addCredentialSource(source).dispose();
    expect(contributions.credentialSources).toHaveLength(1);
  });

  it('tells when its credentials are others, until it ends', () => {
    const { contributions, heard } = watched();
    const changed = new EventEmitter<void>();
    const registration = contributions.addCredentialSource({ ...source, onDidChange: changed.event });
    changed.fire();
    registration.dispose();
    changed.fire();
    expect(heard).toEqual(['credentials', 'credentials', 'credentials']);
  });

  it.each(['env', 'kubernetes'])('never answers for secrets of %s', (name) => {
    expect(() => new Contributions().addBackend(name, backend)).toThrow(`secrets of the source "${name}" itself`);
  });

  it('answers alone for secrets of a source', () => {
    const { contributions } = watched();
    contributions.addBackend('vault', backend);
    expect(() => contributions.addBackend('vault', backend)).toThrow('Another extension answers');
  });

  it.each([undefined, {}, { label: 'x' }, { artifactTypes: 'x', render: () => undefined }])(
    'is refused as %j',
    (given) => {
      const contributions = new Contributions();
      expect(() => contributions.addCredentialSource(given as CredentialSource)).toThrow(TypeError);
      expect(() => contributions.addRenderer(given as ArtifactRenderer)).toThrow(TypeError);
      expect(() => contributions.addBackend('x', given as SecretsBackend)).toThrow(TypeError);
    },
  );
});
