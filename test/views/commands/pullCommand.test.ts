import { describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { pullCommand } from '../../../src/views/commands/copyPullCommand.ts';
import { LayoutPlace } from '../../../src/views/layoutPlace.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';
import { registryPlace } from '../support/places.ts';

const place = registryPlace('ghcr.io');
const repository = parseRepositoryName('acme/app');
const tagged = { place, repository, tag: tagOf('1.0.0') };
const { digest } = artifact(1).root.descriptor;

describe('the line to pull an artifact', () => {
  it.each([
    ['floe', 'floe-oci pull oci://ghcr.io/acme/app:1.0.0'],
    ['image', 'docker pull ghcr.io/acme/app:1.0.0'],
    ['helm', 'helm pull oci://ghcr.io/acme/app --version 1.0.0'],
    ['sbom', 'oras pull ghcr.io/acme/app:1.0.0'],
    ['other', 'oras pull ghcr.io/acme/app:1.0.0'],
  ] as const)('of kind %s is that of its tool', (kind, line) => {
    expect(pullCommand(tagged, kind)).toBe(line);
  });

  it('names a digest where there is no tag', () => {
    expect(pullCommand({ place, repository, digest }, 'image')).toBe(`docker pull ghcr.io/acme/app@${digest}`);
    expect(pullCommand({ place, repository, digest }, 'helm')).toBe(`helm pull oci://ghcr.io/acme/app@${digest}`);
  });

  it('from a folder takes a shell as it is', () => {
    const layout = new LayoutPlace("/tmp/it's mine");
    const address = { place: layout, repository, tag: tagOf('1.0.0') };
    expect(pullCommand(address, 'other')).toBe(`oras pull --oci-layout '/tmp/it'\\''s mine:1.0.0'`);
    expect(pullCommand(address, 'floe')).toBe(`floe-oci pull 'layout:/tmp/it'\\''s mine:1.0.0'`);
  });
});
