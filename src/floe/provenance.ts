import { execFile } from 'node:child_process';
import { Annotation, type Annotations, type CallOptions, OciError, throwIfAborted } from '../oci/index.ts';

/** Milliseconds. Both questions are answered from files; a folder on a dead network share must not hang a push. */
const TIMEOUT = 10_000;

/**
 * Where the sources of a folder come from, by git: `org.opencontainers.image.revision`, and `….source` where `origin` is a
 * remote place. User names and passwords in its address are left out.
 *
 * @throws OciError INVALID_ARGUMENT when git is not there or the folder has no commit, CANCELLED
 */
export async function readProvenance(folder: string, options: CallOptions = {}): Promise<Annotations> {
  const revision = await git(folder, ['rev-parse', '--verify', 'HEAD'], options);
  if (revision === undefined) {
    throw new OciError('INVALID_ARGUMENT', `no git revision of ${folder}`, {
      argument: 'provenance',
      value: folder,
      accepted: 'a folder in a git working tree with at least one commit, and git on the PATH',
    });
  }
  const remote = await git(folder, ['config', '--get', 'remote.origin.url'], options);
  const source = remote === undefined ? undefined : publicAddress(remote);
  return { [Annotation.revision]: revision, ...(source !== undefined && { [Annotation.source]: source }) };
}

/** `git@host:path` is git's short form of ssh: host, then path. A drive letter is no host. */
const SHORT_SSH = /^(?:[^/@:\s]+@)?([^/@:\s]{2,}):(?!\/\/)\/?(\S+)$/;

/** A remote's address without user, password, query and fragment; undefined for a place on this machine. */
export function publicAddress(remote: string): string | undefined {
  const [, host, path] = SHORT_SSH.exec(remote) ?? [];
  const address = host === undefined ? remote : `ssh://${host}/${path}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** The first line of git's answer; undefined when it has none. No shell, no prompt, and nothing that a repository configures runs. */
function git(folder: string, args: readonly string[], { signal }: CallOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    const options = { cwd: folder, env, timeout: TIMEOUT, windowsHide: true, ...(signal && { signal }) };
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
      try {
        throwIfAborted(signal);
        resolve(error ? undefined : stdout.split('\n', 1)[0]?.trim() || undefined);
      } catch (cancellation) {
        reject(cancellation);
      }
    });
  });
}
