import { describe, expect, it } from 'vitest';
import { connectionOf } from '../../src/views/manifestConnection.ts';
import type { ManifestRegistries } from '../../src/views/manifestRegistries.ts';
import { folders, Uri } from '../support/vscode.ts';
import { manifestOf, manifestsIn, openFolders } from './support/manifests.ts';

const INSECURE = manifestOf('r.example/team/product', 'type: anonymous', 'tls_verify: false');

const namesOf = (manifests: ManifestRegistries['waiting']) => manifests.map(({ place }) => place.registry);

async function allowFirst(manifests: ManifestRegistries): Promise<void> {
  const [first] = manifests.waiting;
  if (first === undefined) throw new Error('Nobody waits');
  await manifests.allow(first);
}

describe('a registry that manifest.yaml names', () => {
  it('waits until the user allows its host, and is there by itself in every window from then on', async () => {
    openFolders({ shop: manifestOf('r.example/team/product') });
    const { manifests, state } = await manifestsIn();
    expect([namesOf(manifests.waiting), namesOf(manifests.inForce)]).toEqual([['r.example'], []]);
    await allowFirst(manifests);
    expect([namesOf(manifests.waiting), namesOf(manifests.inForce)]).toEqual([[], ['r.example']]);
    const next = await manifestsIn({ state });
    expect(next.manifests.find('r.example')?.place.repository).toBe('team/product');
  });

  it('is never in force in a workspace that is not trusted, whatever was allowed', async () => {
    openFolders({ shop: manifestOf('r.example/team/product') });
    const { manifests } = await manifestsIn({ connected: ['r.example'] });
    await manifests.allow(manifests.inForce[0] ?? expect.fail());
    folders.isTrusted = false;
    expect([namesOf(manifests.waiting), namesOf(manifests.inForce)]).toEqual([[], []]);
    const { manifests: others, state } = await manifestsIn();
    folders.isTrusted = true;
    await allowFirst(others);
    folders.isTrusted = false;
    const again = await manifestsIn({ state });
    expect([namesOf(again.manifests.waiting), namesOf(again.manifests.inForce)]).toEqual([['r.example'], []]);
  });

  it('is no new host when the user has connected it', async () => {
    openFolders({ shop: manifestOf('r.example/team/product') });
    const { manifests } = await manifestsIn({ connected: ['r.example'] });
    expect(namesOf(manifests.inForce)).toEqual(['r.example']);
  });

  it('asks again before its certificate is no longer verified', async () => {
    openFolders({ shop: manifestOf('r.example/team/product') });
    const { manifests } = await manifestsIn({ connected: ['r.example'] });
    await manifests.allow(manifests.inForce[0] ?? expect.fail());
    const changed = new Promise<void>((resolve) => manifests.onDidChange(resolve));
    folders.write('/projects/shop/manifest.yaml', INSECURE);
    await changed;
    expect(namesOf(manifests.waiting)).toEqual(['r.example']);
    await allowFirst(manifests);
    expect(namesOf(manifests.inForce)).toEqual(['r.example']);
  });

  it('waits again once it is disconnected', async () => {
    openFolders({ shop: manifestOf('r.example/team/product') });
    const { manifests } = await manifestsIn();
    await allowFirst(manifests);
    await manifests.forget('r.example');
    expect(namesOf(manifests.waiting)).toEqual(['r.example']);
  });
});

describe('the files', () => {
  it('are those of all folders; of two that name one registry the first counts', async () => {
    openFolders({
      shop: manifestOf('r.example/shop'),
      other: manifestOf('r.example/other'),
      third: manifestOf('s.example/third'),
      none: undefined,
    });
    const { manifests } = await manifestsIn();
    expect(manifests.waiting.map(({ name }) => name)).toEqual(['shop/manifest.yaml', 'third/manifest.yaml']);
  });

  it('are picked up as they come, change and go, and as folders do', async () => {
    openFolders({ shop: undefined });
    const { files, manifests } = await manifestsIn();
    const next = () => new Promise<void>((resolve) => files.onDidChange(resolve));
    const namedAfter = async (step: () => void) => {
      const changed = next();
      step();
      await changed;
      return namesOf(manifests.waiting);
    };
    expect(await namedAfter(() => folders.write('/projects/shop/manifest.yaml', manifestOf('a.example/x')))).toEqual([
      'a.example',
    ]);
    expect(await namedAfter(() => folders.write('/projects/shop/manifest.yaml', manifestOf('b.example/x')))).toEqual([
      'b.example',
    ]);
    expect(await namedAfter(() => folders.write('/projects/shop/manifest.yaml', undefined))).toEqual([]);
    folders.files.set('/projects/more/manifest.yaml', manifestOf('c.example/x'));
    const added = namedAfter(() => {
      folders.open = [...folders.open, { name: 'more', uri: Uri.file('/projects/more') }];
      folders.changed.fire();
    });
    expect(await added).toEqual(['c.example']);
  });

  it('are told of once, however often the same is read', async () => {
    openFolders({ shop: manifestOf('a.example/x') });
    const { files } = await manifestsIn();
    let told = 0;
    const changed = new Promise<void>((resolve) =>
      files.onDidChange(() => {
        told += 1;
        resolve();
      }),
    );
    folders.write('/projects/shop/manifest.yaml', manifestOf('a.example/x'));
    folders.files.set('/projects/shop/manifest.yaml', manifestOf('b.example/x'));
    folders.saved.fire({ uri: Uri.file('/projects/shop/manifest.yaml') });
    await changed;
    await files.start();
    expect([told, files.all[0]?.place.registry]).toEqual([1, 'b.example']);
  });

  it.each([
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\n',
    'apiVersion: floe.dev/v1\nkind: Manifest\n',
    '- just\n- a list\n',
    '',
  ])('that name no registry of floe are ignored silently: %j', async (text) => {
    openFolders({ shop: text });
    const { manifests } = await manifestsIn();
    expect([manifests.waiting, manifests.broken]).toEqual([[], []]);
  });

  it('that are floe’s and cannot be used say what is wrong', async () => {
    openFolders({ shop: manifestOf('r.example/x', 'type: basic') });
    const { manifests } = await manifestsIn();
    expect(manifests.waiting).toEqual([]);
    expect(manifests.broken).toMatchObject([{ name: 'manifest.yaml', error: { code: 'INVALID_DOCUMENT' } }]);
  });
});

describe('how the registry is reached', () => {
  const connectionIn = async (...more: readonly string[]) => {
    openFolders({ shop: manifestOf('r.example/x', 'type: anonymous', ...more) });
    const { manifests } = await manifestsIn({ connected: ['r.example'] });
    await Promise.all(manifests.waiting.map((manifest) => manifests.allow(manifest)));
    return connectionOf(manifests.find('r.example') ?? expect.fail());
  };

  it('is left to the settings where the file says nothing', async () => {
    expect(await connectionIn()).toEqual({});
    expect(await connectionIn('cache: { ttl_hours: 1 }', 'resilience: {}')).toEqual({});
  });

  it('is said by the file section by section', async () => {
    expect(await connectionIn('resilience: { retry: { max_attempts: 5 } }')).toEqual({
      retry: { maxAttempts: 5, initialDelayMs: 1000, multiplier: 2, maxDelayMs: 30_000, jitter: true },
    });
    expect(await connectionIn('resilience: { circuit_breaker: { enabled: false } }')).toMatchObject({
      circuitBreaker: { enabled: false, failureThreshold: 5 },
    });
    expect(await connectionIn('tls_verify: false')).toEqual({ insecure: true });
    expect(await connectionIn('tls_verify: true')).toEqual({ insecure: false });
  });
});
