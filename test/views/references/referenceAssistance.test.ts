import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookAtReference } from '../../../src/views/references/lookAtReference.ts';
import { hoverAt, linksIn } from '../../../src/views/references/referenceAssistance.ts';
import type { Look } from '../../../src/views/references/referenceFacts.ts';
import { blob, emptyConfig, imageManifest, putGraph } from '../../support/artifacts.ts';
import { CancellationTokenSource, folders, type MarkdownString, Position, type Uri } from '../../support/vscode.ts';
import { artifactParts } from '../support/artifactParts.ts';

const TEXT = 'image: r.example/team/x:1.0.0\nother: new.example/y\n';

/** Offsets stand for positions. */
function documentOf(text: string) {
  return {
    getText: () => text,
    positionAt: (offset: number) => offset,
    offsetAt: ({ character }: Position) => character,
  } as never;
}

beforeEach(() => {
  folders.isTrusted = true;
});
afterEach(() => {
  folders.isTrusted = true;
});

async function setUp() {
  const { parts, place, connects } = artifactParts();
  const content = blob('x');
  const root = imageManifest([content], {
    artifactType: 'application/vnd.acme`](command:evil)',
    annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' },
  });
  await putGraph(place.repository('team/x'), { root, contents: [emptyConfig, content, root] }, '1.0.0');
  place.requests = 0;
  const look: Look = (text, call) => lookAtReference(parts.book, text, call);
  const hover = async (text: string, offset: number, source = new CancellationTokenSource()) => {
    const at = new Position(0, offset) as never;
    const found = await hoverAt(documentOf(text), at, source.token as never, { kind: 'yaml', look });
    return found?.contents[0] as MarkdownString | undefined;
  };
  return { look, hover, place, connects, root };
}

describe('a link on a reference', () => {
  it('opens it, and can run nothing else', async () => {
    const [link, ...others] = await linksIn(documentOf('image: r.example/team/x:1.0.0\n'), 'yaml');
    expect(others).toEqual([]);
    const target = link?.target as unknown as Uri | undefined;
    expect([target?.scheme, target?.path, JSON.parse(target?.query ?? '')]).toEqual([
      'command',
      'floeOci.openReference',
      ['oci://r.example/team/x:1.0.0'],
    ]);
    expect(link?.tooltip).toBe('Inspect oci://r.example/team/x:1.0.0');
  });
});

describe('a hover on a reference', () => {
  it('says what a connected registry says of it, as text', async () => {
    const { hover, root } = await setUp();
    const markdown = await hover(TEXT, 12);
    expect(markdown?.value).toContain('`oci://r.example/team/x:1.0.0`');
    expect(markdown?.value).toContain(`\`${root.descriptor.digest}\``);
    expect(markdown?.value).not.toContain('](command:evil)');
    expect(markdown?.isTrusted).toEqual({ enabledCommands: ['floeOci.openReference'] });
  });

  it('asks nobody about a registry that is not connected', async () => {
    const { hover, place, connects } = await setUp();
    const markdown = await hover('image: new.example/team/x:1.0.0\n', 12);
    expect(markdown?.value).toContain('new.example is not connected');
    expect([place.requests, connects]).toEqual([0, []]);
  });

  it('asks nobody because of a workspace that is not trusted', async () => {
    const { hover, place } = await setUp();
    folders.isTrusted = false;
    expect((await hover(TEXT, 12))?.value).toContain('`oci://r.example/team/x:1.0.0`');
    expect(place.requests).toBe(0);
  });

  it('says what is not there', async () => {
    const { hover } = await setUp();
    expect((await hover('image: r.example/team/x:9.9.9\n', 12))?.value).toContain('There is no');
  });

  it('asks no further, and says nothing, once nobody waits for it', async () => {
    const { hover, place } = await setUp();
    const left = new CancellationTokenSource();
    const hovering = hover(TEXT, 12, left);
    left.cancel();
    expect(await hovering).toBeUndefined();
    expect(place.requests).toBe(0);
  });

  it('that is left while the registry takes its time is nothing, and its request is cancelled', async () => {
    const { look } = await setUp();
    const source = new CancellationTokenSource();
    const answers: unknown[] = [];
    const slow: Look = async (text, call) => {
      source.cancel();
      const answer = await look(text, call);
      answers.push(call?.signal?.aborted, answer);
      return answer;
    };
    const at = new Position(0, 12) as never;
    const hovering = hoverAt(documentOf(TEXT), at, source.token as never, { kind: 'yaml', look: slow });
    expect(await hovering).toBeUndefined();
    expect(answers).toEqual([true, undefined]);
  });

  it('is nothing beside a reference', async () => {
    const { hover } = await setUp();
    expect(await hover(TEXT, 2)).toBeUndefined();
  });
});
