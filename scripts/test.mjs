// `npm test`: every check, one after the other. `npm test -- unit` runs one kind; what is no kind narrows the test
// files, as in `npm test -- e2e connect`. The last line is "N passed, N failed".
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache, main, PlainError, root, run, say } from './lib/terminal.mjs';
import { build, pack } from './package.mjs';
import { setUp } from './setup.mjs';

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {Count & { file: string }} FileCount of one test file in one VS Code */

const results = path.join(root, 'test-results');
const vsix = path.join(cache, 'floe-oci.vsix');
const bin = (/** @type {string} */ name) => path.join(root, 'node_modules/.bin', name);

/** In the order they run: the flows use the built command line, the end-to-end tests the package. */
const checks = {
  lint: () => programs(['biome', 'check', '--error-on-warnings', '.'], ['knip', '--no-progress']),
  types: () => programs(['tsc', '--noEmit'], ['tsc', '--project', 'src/views/overview/page']),
  build: () => step(buildPackage),
  unit: (/** @type {string[]} */ files) => vitest('unit', 'vitest.config.ts', files),
  e2e: endToEnd,
};

await main(async () => {
  const files = process.argv.slice(2).filter((argument) => !Object.hasOwn(checks, argument));
  const kinds = process.argv.slice(2).filter((argument) => Object.hasOwn(checks, argument));
  const wanted = kinds.length > 0 ? kinds : files.length > 0 ? ['unit', 'e2e'] : Object.keys(checks);
  const option = files.find((argument) => argument.startsWith('-'));
  if (option !== undefined) {
    throw new PlainError(
      `Unknown option ${option}. Known: ${Object.keys(checks).join(', ')}, or part of a test file's name.`,
    );
  }
  const setup = await step(() =>
    setUp({ script: import.meta.url, programs: ['chromium', 'docker-registry', 'skopeo'] }),
  );
  if (setup.failed > 0) wanted.length = 0;

  const total = { passed: 0, failed: setup.failed };
  /** @type {string[]} */
  const summary = [];
  for (const [name, check] of Object.entries(checks)) {
    // What vitest runs needs dist/ and the package, whichever kind was asked for.
    if (!wanted.includes(name) && !(name === 'build' && wanted.some(usesBuild))) continue;
    say(`\n── ${name} ${'─'.repeat(60)}`);
    const began = performance.now();
    const { passed, failed } = await check(files);
    total.passed += passed;
    total.failed += failed;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    summary.push(`${name.padEnd(6)} ${passed} passed, ${failed} failed in ${seconds} s`);
  }
  say(`\n${summary.join('\n')}\n`);
  say(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
});

async function buildPackage() {
  // Not to be mistaken for a new one when building fails.
  rmSync(vsix, { force: true });
  await build();
  await pack(vsix);
}

/** @param {string} name */
function usesBuild(name) {
  return name === 'unit' || name === 'e2e';
}

/**
 * Runs programs of ours that say what is wrong, one after the other.
 *
 * @param {[name: string, ...args: string[]][]} commands
 * @returns {Promise<Count>}
 */
function programs(...commands) {
  return step(async () => {
    for (const [name, ...args] of commands) {
      const code = await run(bin(name), args);
      if (code !== 0) throw new PlainError(`${name} ${args.join(' ')} ended with exit code ${code}.`);
    }
  });
}

/**
 * One check that passes as a whole or fails as a whole.
 *
 * @param {() => Promise<unknown>} body
 * @returns {Promise<Count>}
 */
async function step(body) {
  try {
    await body();
    return { passed: 1, failed: 0 };
  } catch (error) {
    say(error instanceof PlainError ? error.message : String(error));
    return { passed: 0, failed: 1 };
  }
}

/**
 * A window in a browser sometimes misses a click for reasons of its own: files with a failed test run once more, in a new
 * editor, and are named when they pass then. What fails twice has failed.
 *
 * @param {string[]} files
 * @returns {Promise<Count>}
 */
async function endToEnd(files) {
  const runs = (/** @type {string[]} */ names) => vitest('e2e', 'vitest.e2e.config.ts', names, { FLOE_OCI_VSIX: vsix });
  const first = await runs(files);
  const again = [...new Set(first.report.filter(({ failed }) => failed > 0).map(({ file }) => file))];
  if (again.length === 0) return first;
  say(`\nOnce more: ${again.join(', ')}\n`);
  const second = await runs(again);
  const flaky = again.filter((file) => !second.report.some((each) => each.file === file && each.failed > 0));
  if (flaky.length > 0) say(`\nFailed at first and passed when run again: ${flaky.join(', ')}`);
  const kept = first.report.filter(({ file }) => !again.includes(file));
  return { passed: sum(kept, 'passed') + second.passed, failed: second.failed };
}

/**
 * Runs vitest and counts from its own report. A run that fails without naming a failed test, as when a file cannot be
 * loaded or a hook fails, counts as one failed.
 *
 * @param {string} name
 * @param {string} config
 * @param {string[]} files
 * @param {Record<string, string>} [env]
 * @returns {Promise<Count & { report: FileCount[] }>}
 */
async function vitest(name, config, files, env) {
  const output = path.join(results, `${name}.json`);
  rmSync(output, { force: true });
  // Files named for one kind are none of the other.
  const empty = files.length > 0 ? ['--passWithNoTests'] : [];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const code = await run(bin('vitest'), ['run', '--config', config, ...reporters, ...empty, ...files], {
    env: { ...process.env, ...env },
  });
  const report = readReport(output);
  const failed = sum(report, 'failed');
  return { passed: sum(report, 'passed'), failed: failed === 0 && code !== 0 ? 1 : failed, report };
}

/**
 * @param {string} output
 * @returns {FileCount[]}
 */
function readReport(output) {
  try {
    /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string }[] }[] }} */
    const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
    return testResults.map(({ name, status, assertionResults }) => {
      const count = (/** @type {string} */ wanted) => assertionResults.filter((each) => each.status === wanted).length;
      // A hook that fails, or a file that cannot be loaded, fails no test by name.
      const failed = count('failed') || (status === 'failed' ? 1 : 0);
      return { file: path.relative(root, name), passed: count('passed'), failed };
    });
  } catch {
    return [];
  }
}

/**
 * @param {FileCount[]} counts
 * @param {'passed' | 'failed'} which
 */
function sum(counts, which) {
  return counts.reduce((total, count) => total + count[which], 0);
}
