import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';

/**
 * The absolute path of a program on PATH; undefined when there is none. Relative folders in PATH are passed over: what
 * lies in the working folder may come from anybody. On Windows `.exe` alone, which needs no shell to run.
 */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    const candidate = join(folder, file);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
