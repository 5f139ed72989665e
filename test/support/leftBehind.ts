import { spawnSync } from 'node:child_process';
import { temporaryName } from '../../src/oci/files/temporaryFile.ts';

/** The name of a temporary file that a process has left behind; default: of one that has ended. */
export function leftBehind(pid: number = spawnSync(process.execPath, ['--version']).pid): string {
  return temporaryName().replace(`-${process.pid}-`, `-${pid}-`);
}
