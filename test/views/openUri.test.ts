import { beforeEach, describe, expect, it } from 'vitest';
import { isOciError } from '../../src/oci/index.ts';
import { openUri, referenceInUri } from '../../src/views/openUri.ts';
import { asked, Uri } from '../support/vscode.ts';

const link = (query: string, path = '/open', fragment = '') => ({ path, query, fragment });
const digest = `sha256:${'a'.repeat(64)}`;

describe('a link to Floe OCI', () => {
  it.each([
    ['oci://ghcr.io/team/product:1.2.0'],
    ['ghcr.io/team/product'],
    [`oci://localhost:5000/a@${digest}`],
    ['oci://[::1]:5000/a:1'],
  ])('names %s', (reference) => {
    expect(referenceInUri(link(`ref=${encodeURIComponent(reference)}`))).toBe(reference);
  });

  it.each([
    ['another path', link('ref=oci://r.example/a:1', '/delete')],
    ['a path below', link('ref=oci://r.example/a:1', '/open/x')],
    ['a fragment', link('ref=oci://r.example/a:1', '/open', 'x')],
    ['no query', link('')],
    ['another parameter', link('reference=oci://r.example/a:1')],
    ['two references', link('ref=oci://r.example/a:1&ref=oci://s.example/b:1')],
    ['a parameter more', link('ref=oci://r.example/a:1&connect=true')],
    ['a folder of this machine', link('ref=layout:/home/me/secrets')],
    ['a folder elsewhere', link('ref=layout:\\\\evil.example\\share:1')],
    ['a file', link('ref=file:///etc/passwd')],
    ['a web page', link('ref=https://r.example/a:1')],
    ['a short name', link('ref=alpine')],
    ['a user name and a password', link('ref=oci://me:secret@r.example/a:1')],
    ['a command', link('ref=command:workbench.action.quit')],
    ['a line break', link('ref=oci://r.example/a%0A:1')],
    ['a way up', link('ref=oci://r.example/../a:1')],
    ['a direction mark', link('ref=oci://r.example/%E2%80%AEa:1')],
    ['an endless repository', link(`ref=oci://r.example/${'a'.repeat(100_000)}`)],
  ])('is refused with %s', (_what, uri) => {
    const refused = (() => {
      try {
        return referenceInUri(uri);
      } catch (error) {
        return error;
      }
    })();
    expect(isOciError(refused, 'INVALID_REFERENCE')).toBe(true);
    expect(String(refused).length).toBeLessThan(300);
    expect(String(refused)).not.toContain('secret@');
  });
});

describe('opening a link to Floe OCI', () => {
  beforeEach(() => void asked.splice(0));
  const opened: string[] = [];
  const open = async (query: string) =>
    openUri(
      Uri.from({ scheme: 'vscode', authority: 'floe.floe-oci', path: '/open', query }) as never,
      async (reference) => {
        opened.push(reference);
      },
    );

  it('shows what it names', async () => {
    await open('ref=oci://r.example/a:1');
    expect(opened).toEqual(['oci://r.example/a:1']);
    expect(asked).toEqual([]);
  });

  it('says why it does not, as plain text', async () => {
    opened.length = 0;
    await open('ref=https://r.example/[x](command:y)');
    expect(opened).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('This link to Floe OCI cannot be opened');
    expect(asked[0]).not.toContain('](');
  });
});
