import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dist } from '../cli/support/binary.ts';

interface Output {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

/** What `floe-oci inspect` loads on its way to a registry, by the source that each file is for. */
const ON_THE_WAY = [
  'src/cli/wholeProgram.ts',
  'src/cli/session.ts',
  'src/floe/inspectArtifact.ts',
  'src/oci/transport/engines/undici.ts',
  'src/cli/inspectionLines.ts',
];

/** All modules in the files that are loaded with these, with what each contributes in bytes. */
async function loaded(sources: readonly string[]): Promise<Map<string, number>> {
  const text = await readFile(join(dist, 'cli-chunks/wholeProgram.meta.json'), 'utf8');
  const { outputs } = JSON.parse(text) as {
    readonly outputs: Readonly<Record<string, Output & { entryPoint?: string }>>;
  };
  const files = Object.keys(outputs).filter((file) => sources.includes(outputs[file]?.entryPoint ?? ''));
  expect(files).toHaveLength(sources.length);
  const modules = new Map<string, number>();
  // Grows while it is walked.
  const all = new Set(files);
  for (const file of all) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) all.add(path);
    }
    for (const [module, { bytesInOutput }] of Object.entries(outputs[file]?.inputs ?? {})) {
      modules.set(module, bytesInOutput);
    }
  }
  return modules;
}

/** The dependencies among them. */
function packagesOf(modules: ReadonlyMap<string, number>): Set<string> {
  return new Set(
    [...modules.keys()].flatMap((module) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.slice(1) ?? []),
  );
}

describe('what a command of one request loads', () => {
  it('is none of what reads YAML, compares versions, packs archives, exports telemetry or signs in at clouds', async () => {
    const packages = packagesOf(await loaded(ON_THE_WAY));
    for (const none of ['yaml', 'semver', 'tar-stream', '@opentelemetry/sdk-trace-base', '@azure/identity']) {
      expect(packages).not.toContain(none);
    }
    expect([...packages].filter((name) => /^@(aws|azure|google|opentelemetry)\b/.test(name))).toEqual([]);
  });

  it('checks no documents of floe', async () => {
    const modules = await loaded(ON_THE_WAY);
    expect([...modules.keys()].filter((module) => module.startsWith('src/floe/schema/'))).toEqual([]);
  });

  it('is of undici one client and one parser', async () => {
    const modules = [...(await loaded(ON_THE_WAY)).keys()].filter((module) => module.includes('node_modules/undici/'));
    expect(modules.filter((module) => /\/(milo|mock|cache|websocket|eventsource|interceptor)\//.test(module))).toEqual(
      [],
    );
    expect(modules.some((module) => module.endsWith('/dispatcher/client-h1.js'))).toBe(true);
  });

  it('takes Node\u2019s own modules without all that is behind their names', async () => {
    const text = await readFile(join(dist, 'cli-chunks/wholeProgram.meta.json'), 'utf8');
    const { outputs } = JSON.parse(text) as { readonly outputs: Readonly<Record<string, Output>> };
    const imported = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind, external }) => kind === 'import-statement' && external === true).map(({ path }) => path),
    );
    expect(imported.filter((path) => path.startsWith('node:'))).toEqual([]);
  });
});
