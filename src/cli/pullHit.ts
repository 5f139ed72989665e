import { fstatSync, write, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMachineTag, isVersion } from '../floe/versionTag.ts';
import {
  defaultCacheFolder,
  environmentCredentials,
  environmentRealm,
  findQuickHit,
  formatReference,
  isDigest,
  parseRegistryReference,
  parseTag,
  type QuickHit,
  userAgent,
  visible,
  visibleJson,
  writeFileFrom,
} from '../oci/hit.ts';
import { asItWas } from './ago.ts';
import { parseQuickPull, type QuickPull } from './quickPull.ts';

/** What a pull from the cache alone needs of the process. */
export interface HitWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** File descriptors. */
  readonly stdout: number;
  readonly stderr: number;
}

/** As the document's own check; what is larger is never endorsed. */
const MAX_DOCUMENT_SIZE = 16 * 1024 * 1024;

/** As manifest.yaml has it by default; one that says otherwise is named by `--config`, which is not for here. */
const TTL_HOURS = 24;

/** Wants a log, or traces. */
const TALKATIVE = /^(?:FLOE_OCI_LOG$|OTEL_)/;

/** How many of the bytes after `from` it took. */
function writeSome(fd: number, bytes: Uint8Array, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, (error, written) => (error ? reject(error) : resolve(written)));
  });
}

/**
 * Answers `pull -r URI -t TAG` without the whole program, which takes three times as long to load as this takes to run: from
 * the cache, and only what the whole program would answer from the cache, with the same bytes, words and exit code (0).
 *
 * There is no policy on signatures here: one comes with `--config`, which is left to the whole program. Whatever else should
 * bring one has to be left to it, too, or be part of the name that endorses.
 * @returns false when nothing has been said or done yet, and the whole program has to
 */
export async function pullHit(argv: readonly string[], world: HitWorld): Promise<boolean> {
  const asked = parseQuickPull(argv);
  if (asked === undefined || Object.keys(world.env).some((name) => TALKATIVE.test(name) && world.env[name]))
    return false;
  try {
    return await answer(asked, world);
  } catch {
    // Whatever is wrong, the whole program finds out for itself, and says it.
    return false;
  }
}

async function answer(asked: QuickPull, world: HitWorld): Promise<boolean> {
  const { env, cwd, signal, stdout, stderr } = world;
  const place = parseRegistryReference(asked.registry);
  const { registry, repository } = place;
  if (asked.tag !== undefined && (place.tag ?? place.digest) !== undefined) return false;
  const named = asked.tag === undefined ? place : { ...place, tag: parseTag(asked.tag) };
  const reference = named.digest ?? named.tag;
  // They throw where variables contradict each other.
  environmentCredentials(env, [registry]);
  environmentRealm(env, [registry]);
  const folder = asked.cacheDir ?? (env['FLOE_OCI_CACHE_DIR'] || undefined);
  const path =
    folder === undefined ? await defaultCacheFolder({ env, platform: process.platform }) : resolve(cwd, folder);
  if (reference === undefined || path === undefined || (asked.output === undefined && isTerminal(stdout))) return false;

  const hit = findQuickHit({
    path,
    registry,
    repository,
    reference,
    by: userAgent,
    maxSize: MAX_DOCUMENT_SIZE,
    isOffline: asked.offline,
    ttlHours: TTL_HOURS,
    isImmutable: (tag) => isVersion(tag) && !isMachineTag(tag),
    now: Date.now(),
  });
  if (hit === undefined) return false;
  const name = formatReference(named);
  if (asked.output === undefined) {
    if (!(await writeOut(stdout, hit.bytes))) return false;
  } else {
    const file = resolve(cwd, asked.output);
    await writeDocument(hit, file, signal);
    if (!asked.json) say(stderr, `pulled ${name} to ${asked.output} from the cache`);
    else if (!(await writeOut(stdout, Buffer.from(`${visibleJson(reportOf(name, hit, file), 2)}\n`)))) return false;
  }
  if (asked.offline && !isDigest(reference)) {
    say(stderr, `offline: ${asItWas(`${registry}/${repository}:${reference}`, hit.age)}`);
  }
  return true;
}

function reportOf(reference: string, { manifest, digest, bytes }: QuickHit, path: string): object {
  return { reference, digest: manifest, source: 'cache', files: [{ path, digest, size: bytes.length }] };
}

async function writeDocument({ digest, bytes }: QuickHit, path: string, signal: AbortSignal): Promise<void> {
  const store = {
    read: async function* () {
      yield bytes;
    },
  };
  await writeFileFrom(store, { mediaType: 'application/octet-stream', digest, size: bytes.length }, path, { signal });
}

/** A terminal is not for exact bytes. Asking is dear, and only a character device can be one. */
function isTerminal(fd: number): boolean {
  return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd);
}

/** Writes all of it; false when not even the beginning could be written. */
async function writeOut(fd: number, bytes: Uint8Array): Promise<boolean> {
  for (let written = 0; written < bytes.length; ) {
    try {
      // In a thread, so that a reader who waits does not keep us from hearing a signal.
      written += await writeSome(fd, bytes, written);
    } catch {
      if (written === 0) return false;
      const { writeRest } = await import('./wholeProgram.ts');
      await writeRest(bytes.subarray(written));
      return true;
    }
  }
  return true;
}

/** Nobody has to listen. */
function say(fd: number, line: string): void {
  try {
    writeSync(fd, `${visible(line)}\n`);
  } catch {
    // As with every line that is not the result.
  }
}
