import { afterAll, expect, vi } from 'vitest';
import { startAnew } from './vscode.ts';

/**
 * Set up for each test file that shares its process with others: what the process is, it is again when the file is
 * done, and a file that leaves it otherwise fails, not whoever comes next.
 */
startAnew();
const before = world();
afterAll(() => {
  expect(world(), 'what a test file leaves behind').toEqual(before);
});

function world() {
  return {
    env: { ...process.env },
    folder: process.cwd(),
    umask: process.umask(),
    exitCode: process.exitCode,
    hasRealTime: !vi.isFakeTimers(),
    fetch: globalThis.fetch,
    pid: process.pid,
  };
}
