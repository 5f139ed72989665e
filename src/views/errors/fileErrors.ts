import { l10n } from 'vscode';
import { type Describe, quote } from './description.ts';

/** What goes wrong with files on this machine. */
export const FILE_ERRORS = {
  UNSAFE_PATH: ({ name, reason }) => ({
    sentence: l10n.t('The file name {0} is not safe: {1}.', quote(name), reason),
    hint: l10n.t(
      'Nothing was written. Accepted are names that lead to a file inside the folder on every platform, each once: without control characters, colons, backslashes and "..".',
    ),
  }),
  FILE_NOT_FOUND: ({ path }) => ({ sentence: l10n.t('There is no file {0}.', path) }),
  FILE_NOT_READABLE: ({ path, reason }) => ({ sentence: l10n.t('{0} cannot be read: {1}.', path, reason) }),
  FOREIGN_FOLDER: ({ path, found }) => ({
    sentence: l10n.t('{0} has {1} in it, and is no cache.', path, found),
    hint: l10n.t('It is left alone. A folder that is empty, or not there yet, becomes a cache.'),
  }),
  FILE_EXISTS: ({ path }) => ({
    sentence: l10n.t('{0} exists already with other content.', path),
    hint: l10n.t('Nothing was written.'),
  }),
  FILE_NOT_WRITABLE: ({ path, reason }) => ({
    sentence: l10n.t('{0} cannot be written: {1}.', path, reason),
    remedies: ['retry'],
  }),
  LOCKED: ({ path }) => ({ sentence: l10n.t('Another process is working on {0}.', path), remedies: ['retry'] }),
  LOCK_LOST: ({ path }) => ({
    sentence: l10n.t('Another process took over {0} while we were working on it.', path),
    remedies: ['retry'],
  }),
} satisfies Partial<Describe>;
