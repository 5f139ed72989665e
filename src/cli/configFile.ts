import { dockerConfigFile } from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import type { CliIo } from './io.ts';

/** Docker's configuration file, where signing in is kept. @throws CliError WRONG_USAGE where there is no place for one */
export function configFile({ env }: CliIo): string {
  const file = dockerConfigFile(env);
  if (file === undefined) {
    throw wrongUsage('There is no home folder to keep credentials in.', 'Set DOCKER_CONFIG to a folder of yours.');
  }
  return file;
}
