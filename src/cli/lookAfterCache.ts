import { type Cache, type CachedReference, formatReference } from '../oci/index.ts';
import { ago } from './ago.ts';
import { CliError } from './cliError.ts';
import type { CacheTask } from './commandOptions.ts';
import { formatSize } from './inspectionLines.ts';
import type { Session } from './session.ts';

/** `cache TASK` @throws CliError VERIFICATION_FAILED when `verify` has removed something; OciError as the cache throws */
export async function lookAfterCache(session: Session, task: CacheTask): Promise<void> {
  const cache = await session.openCache();
  await TASKS[task](session, cache);
}

const TASKS: Readonly<Record<CacheTask, (session: Session, cache: Cache) => Promise<void>>> = {
  status,
  list,
  verify,
  prune,
  clear,
};

async function status({ call, options, output }: Session, cache: Cache): Promise<void> {
  const found = await cache.status(call);
  if (options.json) return output.json(found);
  await output.line(`Cache Path: ${found.path}`);
  await output.line(`Total Size: ${formatSize(found.totalSizeBytes)} of ${formatSize(found.maxSizeBytes)}`);
  await output.line(`Entries:    ${found.entries}`);
  await output.line(`Expired:    ${found.expired}`);
}

async function list({ call, options, output }: Session, cache: Cache): Promise<void> {
  const found = await cache.list(call);
  if (options.json) return output.json({ path: cache.path, entries: found.map(entryOf) });
  const now = Date.now();
  const rows = found.map((entry) => [
    nameOf(entry),
    entry.digest,
    formatSize(entry.size),
    ago(Math.max(0, now - entry.checkedAt)),
    expiryOf(entry),
  ]);
  await output.table(['REFERENCE', 'DIGEST', 'SIZE', 'CHECKED', 'EXPIRES'], rows);
}

async function verify(session: Session, cache: Cache): Promise<void> {
  const { checked, checkedBytes, removed } = await cache.verify(session.call);
  if (session.options.json) await session.output.json({ path: cache.path, checked, checkedBytes, removed });
  else if (removed.length === 0) await session.output.line(`${checked} checked, all as they should be`);
  else for (const { path, reason } of removed) await session.output.line(`${path}: ${reason}`);
  if (removed.length > 0) throw damaged(removed.length, checked);
}

async function prune({ call, options, output }: Session, cache: Cache): Promise<void> {
  const { removed, freedBytes } = await cache.prune(call);
  if (options.json) await output.json({ path: cache.path, removed, freedBytes });
  else await output.line(removedText(removed, freedBytes));
}

async function clear({ call, options, output }: Session, cache: Cache): Promise<void> {
  const { entries: removed, totalSizeBytes: freedBytes } = await cache.status(call);
  await cache.clear(call);
  if (options.json) await output.json({ path: cache.path, removed, freedBytes });
  else await output.line(removedText(removed, freedBytes));
}

function removedText(removed: number, freedBytes: number): string {
  return `${removed} ${removed === 1 ? 'entry' : 'entries'} removed, ${formatSize(freedBytes)} freed`;
}

function nameOf({ registry, repository, tag, digest }: CachedReference): string {
  return formatReference({ kind: 'registry', registry, repository, ...(tag === null ? { digest } : { tag }) });
}

function expiryOf({ expiresAt, expired }: CachedReference): string {
  if (expired) return 'expired';
  return expiresAt === null ? 'never' : new Date(expiresAt).toISOString();
}

/** For scripts: a name that the other commands take, and dates as everywhere. */
function entryOf(entry: CachedReference): object {
  const { digest, size, fetchedAt, checkedAt, usedAt, expiresAt, expired } = entry;
  return {
    reference: nameOf(entry),
    digest,
    size,
    fetchedAt: dateOf(fetchedAt),
    checkedAt: dateOf(checkedAt),
    usedAt: dateOf(usedAt),
    expiresAt: expiresAt === null ? null : dateOf(expiresAt),
    expired,
  };
}

function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function damaged(problems: number, checked: number): CliError {
  return new CliError(
    'VERIFICATION_FAILED',
    `${problems} of ${checked} files in the cache were damaged, and are removed.`,
    'They are fetched again when they are needed. If it happens often, look at the disk.',
    { problems, checked },
  );
}
