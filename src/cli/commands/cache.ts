import { Argument, Command } from 'commander';
import type { Act } from '../action.ts';
import { CACHE_TASKS, type CacheTask } from '../commandOptions.ts';

/** `floe-oci cache status|list|verify|prune|clear` */
export function cacheCommand(act: Act): Command {
  return new Command('cache')
    .summary('look after the local cache')
    .description(
      'Looks after the cache of what was pulled from registries. No registry is asked. Without --cache-dir it is that of FLOE_OCI_CACHE_DIR, of manifest.yaml, or of the system.',
    )
    .usage(`${CACHE_TASKS.join('|')} [options]`)
    .addArgument(new Argument('<TASK>', 'what to do').choices(CACHE_TASKS))
    .addHelpText('after', EXPLANATION)
    .action(
      act(async (session, [task]) => {
        const { lookAfterCache } = await import('../lookAfterCache.ts');
        return lookAfterCache(session, task as CacheTask);
      }),
    );
}

const EXPLANATION = `
Tasks:
  status  where the cache is, how large it is, how much is in it, and what has expired
  list    every tag and digest in it
  verify  read everything again and remove what is damaged; exit code 6 when something was
  prune   remove what has expired, what is over the size limit, and what nothing leads to
  clear   remove everything

Examples:
  floe-oci cache status --json
  floe-oci cache clear --cache-dir /var/cache/floe/oci`;
