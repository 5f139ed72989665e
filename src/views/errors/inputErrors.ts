import { l10n } from 'vscode';
import { type Describe, quote } from './description.ts';

/** What is wrong with what a user, a file or an artifact says. */
export const INPUT_ERRORS = {
  INVALID_REFERENCE: ({ input, part, accepted }) => ({
    sentence: l10n.t('{0} is not a reference: its {1} is not valid.', quote(input), part),
    hint: l10n.t('Accepted: {0}.', accepted),
  }),
  INVALID_DIGEST: ({ input, accepted }) => ({
    sentence: l10n.t('{0} is not a digest.', quote(input)),
    hint: l10n.t('Accepted: {0}.', accepted),
  }),
  INVALID_MEDIA_TYPE: ({ input, accepted }) => ({
    sentence: l10n.t('{0} is not a media type.', quote(input)),
    hint: l10n.t('Accepted: {0}.', accepted),
  }),
  INVALID_ARGUMENT: ({ argument, value, accepted }) => ({
    sentence: l10n.t('{0} is not valid for {1}.', quote(value), argument),
    hint: l10n.t('Accepted: {0}.', accepted),
  }),
  INVALID_MANIFEST: ({ digest, path, reason }) => ({
    gist: l10n.t('Not a manifest'),
    sentence:
      path === ''
        ? l10n.t('{0} is not a manifest: {1}.', digest ?? l10n.t('The document'), reason)
        : l10n.t('{0} is not a manifest at {1}: {2}.', digest ?? l10n.t('The document'), path, reason),
  }),
  INVALID_ARCHIVE: ({ name, reason }) => ({
    gist: l10n.t('Not an archive that can be read'),
    sentence: l10n.t('The folder {0} cannot be unpacked: {1}.', quote(name), reason),
    hint: l10n.t('Nothing was written. The folder has to be pushed again.'),
  }),
  INVALID_LAYOUT: ({ path, reason }) => ({
    gist: l10n.t('Not an image layout'),
    sentence: l10n.t('{0} is not an OCI image layout: {1}.', path, reason),
  }),
  INVALID_DOCUMENT: ({ file, problems }) => ({
    sentence: l10n.t('{0} is not valid.', file),
    hint: problems
      .slice(0, 3)
      .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
      .join(' · '),
  }),
  SECRET_IN_DOCUMENT: ({ file, paths }) => ({
    sentence: l10n.t('{0} seems to hold a secret at {1}.', file, paths.slice(0, 3).join(', ')),
    hint: l10n.t('Put a reference to the secret there instead of its value.'),
  }),
  WRONG_ARTIFACT_TYPE: ({ reference, artifactType, expected }) => ({
    sentence: l10n.t('{0} is {1}, not {2}.', reference, artifactType ?? l10n.t('another kind of artifact'), expected),
  }),
  UNSUPPORTED_VERSION: ({ file, version, supported }) => ({
    sentence: l10n.t('{0} has version {1}, which is newer than this extension understands.', file, version),
    hint: l10n.t('Supported: {0}.', supported),
  }),
} satisfies Partial<Describe>;
