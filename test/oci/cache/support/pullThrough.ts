/**
 * Pulls everything below each TAG of team/product in the registry at HOST through the cache in PATH, which holds at most
 * LIMIT bytes. Says each tag that is done with where it came from, and each warning.
 */
import { Cache } from '../../../../src/oci/cache/cache.ts';
import { Registry } from '../../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../../src/oci/spec/repositoryName.ts';
import { parseTag } from '../../../../src/oci/spec/tag.ts';
import { silentLogger } from '../../../../src/oci/telemetry/logger.ts';
import { validate } from '../../../../src/oci/transfer/validate.ts';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';

// Node ignores this signal, which comes with a file that is too large, until signal-exit listens; the build replaces that.
process.on('SIGXFSZ', () => {});

/** Only now, for the checkout may be in a folder that nobody may read. */
const NOBODY = 65_534;
if (process.env['BE_NOBODY'] !== undefined && process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

const [path = '', host = '', limit = '', ...tags] = process.argv.slice(2);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
/** Seconds. A registry that serves a hundred processes at once, on the processors that they need as well, may be silent for long. */
const PATIENCE = 200;
const transport = createUndiciTransport({ timeoutSeconds: PATIENCE, connectTimeoutSeconds: PATIENCE });
const repository = parseRepositoryName('team/product');
const source = new Registry({ host, plainHttp: true, transport }).repository(repository);
const logger = { ...silentLogger, warn: (event: string) => say(event) };
const cache = new Cache({ path, logger, maxSizeBytes: Number(limit) });
let from = 'cache';
const store = cache.repository({ registry: host, repository }, source, {
  onLookup: ({ outcome }) => {
    if (outcome === 'miss') from = 'registry';
  },
});
for (const tag of tags) {
  from = 'cache';
  const { problems } = await validate(store, [await store.resolve(parseTag(tag))]);
  if (problems[0] !== undefined) throw problems[0].error;
  say(`${tag} from the ${from}`);
}
await cache.close();
await transport.close();
