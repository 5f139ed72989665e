// `npm test`: every check, one after the other. `npm test -- unit` runs one kind; what is no kind narrows the test
// files, as in `npm test -- e2e connect`. The last line is "N passed, N failed".
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache, main, PlainError, root, run, say } from './lib/terminal.mjs';
import { build, pack } from './package.mjs';
import { setUp } from './setup.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

const results = path.join(root, 'test-results');
const vsix = path.join(cache, 'floe-oci.vsix');
const bin = (/** @type {string} */ name) => path.join(root, 'node_modules/.bin', name);

/** In the order they run: the flows use the built command line, the end-to-end tests the package. */
const checks = {
  lint: () => program('biome', ['check', '--error-on-warnings', '.']),
  types: () => program('tsc', ['--noEmit']),
  build: () => step(buildPackage),
  unit: (/** @type {string[]} */ files) => vitest('unit', 'vitest.config.ts', files),
  e2e: (/** @type {string[]} */ files) => vitest('e2e', 'vitest.e2e.config.ts', files, { FLOE_OCI_VSIX: vsix }),
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
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Count>}
 */
function program(name, args) {
  return step(async () => {
    const code = await run(bin(name), args);
    if (code !== 0) throw new PlainError(`${name} ended with exit code ${code}.`);
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
 * Runs vitest and counts from its own report. A run that fails without naming a failed test, as when a file cannot be
 * loaded or a hook fails, counts as one failed.
 *
 * @param {string} name
 * @param {string} config
 * @param {string[]} files
 * @param {Record<string, string>} [env]
 * @returns {Promise<Count>}
 */
async function vitest(name, config, files, env) {
  const report = path.join(results, `${name}.json`);
  rmSync(report, { force: true });
  // Files named for one kind are none of the other.
  const empty = files.length > 0 ? ['--passWithNoTests'] : [];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(bin('vitest'), ['run', '--config', config, ...reporters, ...empty, ...files], {
    env: { ...process.env, ...env },
  });
  const { passed, failed } = readReport(report);
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/**
 * @param {string} file
 * @returns {Count}
 */
function readReport(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
