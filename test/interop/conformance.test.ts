import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it, onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { startRegistry } from '../support/registry/index.ts';
import { record } from './support/recording.ts';

/** Test cases by how they ended, in the suite's own report. */
const COUNTS = /<testsuite\b[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"[^>]*\bskipped="(\d+)"/;

const program = inject('peers').programs['conformance'];

it.runIf(program !== undefined)('our test registry passes the conformance suite of the distribution spec', async () => {
  await using registry = await startRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'floe-oci-conformance-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'], OCI_REGISTRY: registry.host, OCI_TLS: 'disabled', OCI_RESULTS_DIR: folder };
  const run = await promisify(execFile)(z.parse(z.string(), program), [], { cwd: folder, env }).catch((error) => error);
  const report = await readFile(join(folder, 'junit.xml'), 'utf8');
  const [, tests, failures, skipped] = COUNTS.exec(report)?.map(Number) ?? [];
  expect({ failures, said: failures === 0 ? '' : run.stdout }).toEqual({ failures: 0, said: '' });
  expect(tests).toBeGreaterThan(100);
  record('conformance', { counts: { tests: tests ?? 0, failures: failures ?? 0, skipped: skipped ?? 0 } });
});
