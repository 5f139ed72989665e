import { describe, expect, it } from 'vitest';
import { findReferences } from '../../../src/views/references/findReferences.ts';
import { writtenReference } from '../../../src/views/references/foundReference.ts';

/** What is marked in the text, and what it means. */
async function found(text: string, kind: 'yaml' | 'dockerfile' = 'yaml'): Promise<readonly string[]> {
  const references = await findReferences(text, kind);
  return references.map((each) => `${text.slice(each.start, each.end)} = ${writtenReference(each)}`);
}

describe('references in YAML', () => {
  it('are images of Kubernetes and Compose, also in documents that follow', async () => {
    const text =
      'spec:\n  containers:\n    - image: ghcr.io/a/b:1.0\n---\nservices:\n  x: {image: "localhost:5000/c"}\n';
    expect(await found(text)).toEqual([
      'ghcr.io/a/b:1.0 = oci://ghcr.io/a/b:1.0',
      '"localhost:5000/c" = oci://localhost:5000/c',
    ]);
  });

  it('are values of a chart, with the tag as it is written', async () => {
    expect(await found('image:\n  registry: quay.io\n  repository: a/b\n  tag: 1.10\n')).toEqual([
      'a/b = oci://quay.io/a/b:1.10',
    ]);
    expect(await found('image:\n  repository: quay.io/a/b\n  tag: ""\n')).toEqual([]);
    expect(await found('image:\n  repository: quay.io/a/b\n  tag: v1\n')).toEqual([
      'quay.io/a/b = oci://quay.io/a/b:v1',
    ]);
  });

  it('are dependencies of a Chart.yaml', async () => {
    const text = 'dependencies:\n  - name: redis\n    version: 17.0.0\n    repository: oci://ghcr.io/charts/\n';
    expect(await found(text)).toEqual(['oci://ghcr.io/charts/ = oci://ghcr.io/charts/redis:17.0.0']);
  });

  it('leave out a range, which is no tag', async () => {
    const text = 'dependencies:\n  - {name: redis, version: "^17", repository: "oci://ghcr.io/charts"}\n';
    expect(await found(text)).toEqual(['"oci://ghcr.io/charts" = oci://ghcr.io/charts/redis']);
  });

  it('are sources of Flux with the version beside', async () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    expect(await found('spec:\n  url: oci://ghcr.io/a/b\n  ref:\n    tag: "2.0"\n')).toEqual([
      'oci://ghcr.io/a/b = oci://ghcr.io/a/b:2.0',
    ]);
    expect(await found(`spec:\n  url: oci://ghcr.io/a/b\n  ref: {digest: "${digest}", tag: x}\n`)).toEqual([
      `oci://ghcr.io/a/b = oci://ghcr.io/a/b@${digest}`,
    ]);
  });

  it('are the registry of a manifest.yaml, items of lists, and what a comment names', async () => {
    const text =
      'artifacts: # see oci://r.example/docs:1.\n  registry:\n    uri: oci://r.example/p\nmore: [oci://r.example/q:1]\n';
    expect(await found(text)).toEqual([
      'oci://r.example/docs:1 = oci://r.example/docs:1',
      'oci://r.example/p = oci://r.example/p',
      'oci://r.example/q:1 = oci://r.example/q:1',
    ]);
  });

  it.each([
    ['a registry that is not written', 'image: nginx:1.25\n'],
    ['a template', 'image: "{{ .Values.image }}"\nother: oci://ghcr.io/{{ .x }}\n'],
    ['a variable', 'image: ghcr.io/$ORG/app:1\nx: oci://ghcr.io/$ORG/app:1\n'],
    ['a user name and a password', 'x: oci://me:secret@ghcr.io/a:1\n'],
    ['something else called image', 'image: {width: 5}\nimage2: ghcr.io/a/b:1\n'],
  ])('are none for %s', async (_what, text) => {
    expect(await found(text)).toEqual([]);
  });

  it('are found as far as a broken file can be read', async () => {
    expect(await found('a: [oci://r.example/a:1\nb: : :\n')).toContain('oci://r.example/a:1 = oci://r.example/a:1');
  });

  it('are not looked for in what a program wrote', async () => {
    expect(await found(`image: ghcr.io/a/b:1\n${'#'.repeat(100_000)}`)).toEqual([]);
  });
});

describe('references in a Dockerfile', () => {
  it('are images whose registry is written out', async () => {
    const text = [
      'FROM alpine AS base',
      'FROM --platform=linux/amd64 ghcr.io/a/b:1.0 AS build',
      'COPY --from=quay.io/c/d:2 /x /y',
      'RUN --mount=type=bind,from=localhost:5000/e,target=/z true',
      'ARG X',
      'FROM ghcr.io/a/$X',
      '# oci://r.example/f:3',
    ].join('\n');
    expect(await found(text, 'dockerfile')).toEqual([
      'ghcr.io/a/b:1.0 = oci://ghcr.io/a/b:1.0',
      'quay.io/c/d:2 = oci://quay.io/c/d:2',
      'localhost:5000/e = oci://localhost:5000/e',
      'oci://r.example/f:3 = oci://r.example/f:3',
    ]);
  });
});
