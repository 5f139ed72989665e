import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CapabilityMemory, type CapabilityStore, lastingMemory, publishText, realmFolder } from '../oci/index.ts';
import type { CliIo } from './io.ts';

/** Characters. What is known of a registry takes some hundred. */
const MAX_SIZE = 16 * 1024;
/** For the owner alone, as all state is: which registries somebody uses concerns nobody else. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What registries can do, kept from one command to the next. */
export interface SavedCapabilities {
  readonly memory: CapabilityMemory;
  /** Writes what has shown. What cannot be kept is asked again, and fails nothing. */
  settled(): Promise<void>;
}

/**
 * What registries have shown that they can do, in a file each beside the user's other state, so that the next command asks
 * nothing that is known to be refused. Undefined where there is no place for state.
 */
export function savedCapabilities({ env }: Pick<CliIo, 'env'>): SavedCapabilities | undefined {
  const folder = capabilityFolder(env);
  if (folder === undefined) return undefined;
  const changed = new Map<string, object>();
  const store: CapabilityStore = {
    read: (registry) => readJson(fileFor(folder, registry)),
    write: (registry, value) => changed.set(registry, value),
  };
  return {
    memory: lastingMemory(store),
    async settled() {
      if (changed.size === 0) return;
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE }).catch(() => {});
      const writes = [...changed].map(([registry, value]) =>
        publishText(fileFor(folder, registry), `${JSON.stringify(value)}\n`, FILE_MODE),
      );
      changed.clear();
      await Promise.allSettled(writes);
    },
  };
}

/** Where they are kept; undefined where there is no place for state. */
function capabilityFolder(env: CliIo['env']): string | undefined {
  const realms = realmFolder(env, process.platform);
  return realms && join(dirname(realms), 'registries');
}

/** `%3A` for the colon: Windows has no file names with one. */
function fileFor(folder: string, registry: string): string {
  return join(folder, `${encodeURIComponent(registry)}.json`);
}

/** Read at once, as a request waits for it. */
function readJson(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > MAX_SIZE ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
