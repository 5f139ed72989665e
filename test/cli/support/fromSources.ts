/** The command line, from its sources, for processes that are limited in what they may write, or killed. */

// Node ignores this signal, which comes with a file that is too large, until signal-exit listens; the build replaces that.
process.on('SIGXFSZ', () => {});
Object.assign(globalThis, { FLOE_OCI_VERSION: '0.0.0-test' });
const { run } = await import('../../../src/cli/run.ts');
process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: new AbortController().signal,
});
