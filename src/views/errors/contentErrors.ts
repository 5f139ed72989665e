import { l10n } from 'vscode';
import { formatSize } from '../format.ts';
import { because, type Describe } from './description.ts';

const VERIFICATION = l10n.t(
  'Nothing of it was kept. The registry, or something between here and there, delivered other bytes.',
);

/** What is wrong with content, or may not be done with it. */
export const CONTENT_ERRORS = {
  DIGEST_MISMATCH: ({ expected, actual }) => ({
    gist: l10n.t('Not what it should be'),
    sentence: l10n.t('The content is not what it should be: expected {0}, got {1}.', expected, actual),
    hint: VERIFICATION,
    remedies: ['retry'],
  }),
  SIZE_MISMATCH: ({ digest, expected, actual }) => ({
    gist: l10n.t('Not what it should be'),
    sentence: l10n.t('{0} has {1} bytes instead of {2}.', digest, actual, expected),
    hint: VERIFICATION,
    remedies: ['retry'],
  }),
  UNVERIFIED_SIGNATURE: ({ reference, status, reason, isVerifiable }) => ({
    sentence: l10n.t('{0} is not used, for its signature is {1}: {2}.', reference, status, reason),
    hint: isVerifiable
      ? l10n.t('The policy artifacts.registry.verification of manifest.yaml enforces signatures.')
      : l10n.t(
          'The policy artifacts.registry.verification of manifest.yaml enforces signatures, and nothing here verifies any: it stops every pull. "enforcement: warn" for this environment would say so and go on.',
        ),
  }),
  MISSING_SBOM: ({ reference, reason }) => ({
    sentence: l10n.t('{0} is not used, for an SBOM is asked for, and {1}.', reference, reason),
    hint: l10n.t('The policy artifacts.registry.verification of manifest.yaml says require_sbom. Attach one to it.'),
  }),
  LIMIT_EXCEEDED: ({ what, limit }) => ({
    gist: l10n.t('Too large'),
    sentence: l10n.t('Too large: {0}; the limit is {1}.', what, what.includes('bytes') ? formatSize(limit) : limit),
  }),
  MISSING_REFERENCE: ({ manifest, missing }) => ({
    sentence: l10n.t('The destination lacks content of {0}: {1}.', manifest, missing.join(', ')),
    remedies: ['retry'],
  }),
  TAG_IMMUTABLE: ({ reference, existing, pushed, onlyAnnotationsDiffer, refusal }) => ({
    sentence: onlyAnnotationsDiffer
      ? l10n.t('{0} exists with the same content and other annotations, and this tag may not be moved.', reference)
      : l10n.t('{0} exists with other content, and this tag may not be moved.', reference),
    hint:
      refusal === undefined
        ? l10n.t(
            'Choose another tag; which may be moved is the setting floeOci.tags.mutablePatterns. There: {0}. Yours: {1}.',
            existing,
            pushed,
          )
        : l10n.t(
            'Choose another tag; which may be moved is up to the registry{0}. There: {1}. Yours: {2}.',
            because(refusal),
            existing,
            pushed,
          ),
  }),
  TAG_RACE: ({ reference }) => ({
    sentence: l10n.t('Somebody else moved {0} just now.', reference),
    hint: l10n.t('Look at what is there before you push again.'),
    remedies: ['retry'],
  }),
} satisfies Partial<Describe>;
