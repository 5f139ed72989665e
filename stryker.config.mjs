// For `npm run mutation`, which says by the environment what is mutated: see scripts/mutation.mjs.
const files = (process.env.FLOE_OCI_MUTATE ?? '').split(' ');
const part = process.env.FLOE_OCI_PART;
const isSample = process.env.FLOE_OCI_SAMPLE !== undefined;

export default {
  mutate: files,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', './test/mutation/sample.mjs'],
  checkers: isSample ? ['sample'] : [],
  // Tests of the cache become other users, which only a process of its own can.
  vitest: { configFile: 'vitest.mutation.config.ts', related: false, pool: part === 'cache' ? 'forks' : 'threads' },
  coverageAnalysis: 'perTest',
  mutator: {
    // Most texts are messages, and what tests hold on to is the code of an error.
    excludedMutations: ['StringLiteral'],
  },
  // No such file: Stryker would rewrite the real one by an interface that TypeScript 7 does not have.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  // Simulations take their time.
  dryRunTimeoutMinutes: 20,
  // A mutant that comes to no end is told from a machine that is busy.
  timeoutMS: 30_000,
  tempDirName: 'test-results/stryker',
  cleanTempDir: 'always',
  ignorePatterns: ['.cache', 'coverage', 'dist', 'test-results', '*.vsix'],
  reporters: ['dots', 'json'],
  jsonReporter: { fileName: `test-results/mutation/${part}.json` },
  thresholds: { high: 100, low: 100, break: null },
};
