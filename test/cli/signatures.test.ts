import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const manifestFor = ({ host }: TestRegistry, rule = 'enforce'): string => `apiVersion: floe.dev/v1
artifacts:
  registry:
    uri: oci://${host}/team/orders
    auth: { type: anonymous }
    verification:
      enforcement: ${rule}
      public_key_ref: { source: env, name: cosign-key }
      environments:
        staging: { enforcement: warn }
        qa: { enforcement: warn, require_sbom: true }
        dev: { enforcement: off }
`;

async function pushed(registry: TestRegistry, rule?: string): Promise<Workspace> {
  const workspace = await makeWorkspace({ 'manifest.yaml': manifestFor(registry, rule), 'note.txt': 'signed' });
  expect((await workspace.run('push', '-a', 'doc.json', '-t', 'v1.0.0')).code).toBe(0);
  return workspace;
}

describe('a policy on signatures', () => {
  it('keeps out what nobody can call valid, from the registry and from the cache', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry);
    const refused = await workspace.run('pull', '-t', 'v1.0.0', '-o', 'out.json', '--json');
    expect(refused.code).toBe(6);
    expect(errorOf(refused)).toMatchObject({ code: 'UNVERIFIED_SIGNATURE', details: { status: 'unsigned' } });
    expect(refused.stdout).toBe('');
    const place = `oci://${registry.host}/team/orders`;
    expect((await workspace.run('pull', '-r', place, '-t', 'v1.0.0', '-o', 'free.json')).code).toBe(0);
    const hit = await workspace.run('pull', '-t', 'v1.0.0');
    expect([hit.code, hit.stdout]).toEqual([6, '']);
    const offline = await workspace.run('pull', '-t', 'v1.0.0', '--offline');
    expect([offline.code, offline.stdout]).toEqual([6, '']);
    expect(offline.stderr).toContain('its signature is unknown: nobody could look for signatures');
    const files = await workspace.run('pull', `${place}:v1.0.0`, '-o', 'files', '--config', 'manifest.yaml');
    expect(files.code).toBe(6);
  });

  it('keeps out copies, mirrors and backups of it, before anything is written', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry);
    const place = `oci://${registry.host}/team/orders`;
    const refusals = [
      ['copy', '-t', 'v1.0.0', 'layout:./copied'],
      ['copy', '-t', 'v1.0.0', 'layout:./copied', '--dry-run'],
      ['mirror', '-r', place, 'layout:./mirrored', '--config', 'manifest.yaml'],
      ['backup', '-r', place, './saved', '--config', 'manifest.yaml'],
    ];
    for (const args of refusals) {
      const refused = await workspace.run(...args, '--json');
      expect([args[0], refused.code, errorOf(refused).code]).toEqual([args[0], 6, 'UNVERIFIED_SIGNATURE']);
    }
    const warned = { env: { FLOE_ENVIRONMENT: 'staging' } };
    const copied = await workspace.runIn(warned, 'copy', '-t', 'v1.0.0', 'layout:./copied');
    expect(copied.code).toBe(0);
    expect(copied.stderr).toContain('its signature is unsigned');
    // What comes from elsewhere is nothing that the file is about.
    const other = `oci://${registry.host}/team/other`;
    const back = await workspace.run('restore', './copied', '-r', other, '--config', 'manifest.yaml');
    expect([back.code, back.stderr]).toEqual([0, expect.not.stringContaining('signature')]);
  });

  it('says that enforcing lets nothing through while nobody verifies', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry);
    const { stderr } = await workspace.run('pull', '-t', 'v1.0.0');
    expect(stderr).toContain('is not used, for its signature is unsigned: no signature was found.');
    expect(stderr).toContain('nothing here verifies any: it stops every pull');
  });

  it('may ask for an SBOM, by environment', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry, 'warn');
    const env = { FLOE_ENVIRONMENT: 'qa' };
    const lacking = await workspace.runIn({ env }, 'pull', '-t', 'v1.0.0');
    expect(lacking.code).toBe(0);
    expect(lacking.stderr).toContain('an SBOM is asked for, and none refers to it');
    const place = `oci://${registry.host}/team/orders:v1.0.0`;
    const attached = await workspace.run('attach', place, 'note.txt', '--artifact-type', 'application/spdx+json');
    expect(attached.code).toBe(0);
    const had = await workspace.runIn({ env }, 'pull', '-t', 'v1.0.0');
    expect(had.stderr).not.toContain('SBOM');
  });

  it('is that of the environment', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry);
    const warned = await workspace.runIn({ env: { FLOE_ENVIRONMENT: 'staging' } }, 'pull', '-t', 'v1.0.0');
    expect([warned.code, warned.bytes.equals(sample)]).toEqual([0, true]);
    expect(warned.stderr).toContain('warning:');
    expect(warned.stderr).toContain('its signature is unsigned');
    const free = await workspace.runIn({ env: { FLOE_ENVIRONMENT: 'dev' } }, 'pull', '-t', 'v1.0.0');
    expect([free.code, free.stderr]).toEqual([0, '']);
    const other = await workspace.runIn({ env: { FLOE_ENVIRONMENT: 'uat' } }, 'pull', '-t', 'v1.0.0');
    expect(other.code).toBe(6);
  });
});

describe('inspect --signatures', () => {
  it('says what was found, that it was not verified, and where it is promoted to', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry, 'off');
    const inspect = ['inspect', '-t', 'v1.0.0', '--signatures'];
    expect(JSON.parse((await workspace.run(...inspect, '--json')).stdout)).toMatchObject({
      signatureStatus: 'unsigned',
      signatures: [],
      promotionStatus: 'not_promoted',
      promotedTo: [],
    });
    const place = `oci://${registry.host}/team/orders:v1.0.0`;
    const attach = ['attach', place, 'note.txt', '--artifact-type', BUNDLE];
    const signed = await workspace.run(...attach, '--annotation', 'dev.sigstore.bundle.content=message-signature');
    expect(signed.code).toBe(0);
    expect((await workspace.run('tag', place, 'v1.0.0-prod')).code).toBe(0);
    const { stdout } = await workspace.run(...inspect, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      signatureStatus: 'unknown',
      signatureReason: 'a signature is there, and was not verified',
      signatures: [{ kind: 'referrer', artifactType: BUNDLE }],
      promotionStatus: 'promoted',
      promotedTo: ['prod'],
    });
    const text = (await workspace.run(...inspect)).stdout;
    expect(text).toContain('Signature:     unknown (a signature is there, and was not verified)\n');
    expect(text).toContain('Promotion:     promoted (prod)\n');
    expect(text).toMatch(/Signatures:\n {2}sha256:\w{64} {2}referrer .*not verified\n/);
  });

  it('is one request for the manifest when it is not asked for', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry, 'off');
    const before = registry.requests().length;
    const { stdout } = await workspace.run('inspect', '-t', 'v1.0.0', '--json', '--no-cache');
    expect(JSON.parse(stdout)).toMatchObject({ signatureStatus: 'unknown', promotionStatus: 'unknown' });
    expect(registry.requests().length - before).toBeLessThanOrEqual(2);
    expect(registry.requests().some(({ path }) => path.includes('/referrers/'))).toBe(false);
  });

  it('needs the registry', async () => {
    await using registry = await startRegistry();
    await using workspace = await pushed(registry, 'off');
    await workspace.run('inspect', '-t', 'v1.0.0');
    expect((await workspace.run('inspect', '-t', 'v1.0.0', '--signatures', '--offline')).code).toBe(64);
  });
});
