import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonDocument } from '../../src/floe/jsonDocument.ts';
import { manifestFixes } from '../../src/floe/manifestFixes.ts';
import { readRegistryDocument, reviewRegistryManifest } from '../../src/floe/registryManifest.ts';
import { reviewCompiledArtifacts } from '../../src/floe/reviewCompiledArtifacts.ts';
import { parseVersionConstraint } from '../../src/floe/versionConstraint.ts';
import { parseCredentialFile } from '../../src/oci/credentials/credentialFile.ts';
import {
  descriptorOf,
  isOciError,
  MediaType,
  parseDigest,
  parseManifest,
  parseReference,
  verifyContent,
} from '../../src/oci/index.ts';
import { parseMirror } from '../../src/oci/remote/mirror.ts';
import { parseChallenges } from '../../src/oci/transport/challenge.ts';
import { redactText, redactUrl } from '../../src/oci/transport/redact.ts';

/*
 * Whatever a parser is given, it answers, or throws an error of ours that names what is wrong; nothing else is thrown, and nothing
 * hangs. Seconds in every run; FLOE_OCI_FUZZ_SECONDS is how long each parser is fuzzed in the long runs.
 */

const seconds = Number(process.env['FLOE_OCI_FUZZ_SECONDS'] ?? 0);
const effort =
  seconds > 0
    ? { numRuns: Number.POSITIVE_INFINITY, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }
    : { numRuns: 300 };
const timeout = (seconds + 30) * 1000;

/** Text of the pieces that a grammar is made of, in any order: what is nearly right finds more than noise. */
const madeOf = (...pieces: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
      maxLength: 24,
    })
    .map((parts) => parts.join(''));

const digest = `sha256:${'a'.repeat(64)}`;
const json = fc.json({ maxDepth: 6 });

const document = (members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<string> =>
  fc.record(members, { requiredKeys: [] }).map((value) => JSON.stringify(value));
const descriptor = fc.record(
  {
    mediaType: fc.oneof(fc.constantFrom(MediaType.imageManifest, MediaType.imageIndex, 'a/b'), fc.string()),
    digest: fc.oneof(fc.constantFrom(digest, 'sha512:a', ''), fc.string()),
    size: fc.oneof(fc.integer(), fc.double(), fc.string()),
    annotations: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.anything()),
    platform: fc.anything(),
  },
  { requiredKeys: [] },
);
const manifest = document({
  schemaVersion: fc.oneof(fc.constantFrom(1, 2), fc.anything()),
  mediaType: fc.oneof(fc.constantFrom(MediaType.imageManifest, MediaType.imageIndex), fc.string()),
  config: fc.oneof(descriptor, fc.anything()),
  layers: fc.oneof(fc.array(descriptor, { maxLength: 4 }), fc.anything()),
  manifests: fc.oneof(fc.array(descriptor, { maxLength: 4 }), fc.anything()),
  subject: fc.oneof(descriptor, fc.anything()),
  annotations: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.anything()),
});
const yaml = madeOf(
  'artifacts:',
  '\n',
  '  ',
  'registry:',
  ' uri: ',
  'oci://localhost:5000/a',
  'auth:',
  ' type: ',
  'basic',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '!!binary ',
  '|',
  '>',
  '#',
  "'",
  '"',
  ':',
  '<<: ',
  '\t',
  'cache:',
  ' ttl_hours: ',
  '24',
  'apiVersion: floe.dev/v1',
);

interface Parser {
  readonly input: fc.Arbitrary<string>;
  readonly parse: (text: string) => unknown;
}

const PARSERS: Readonly<Record<string, Parser>> = {
  'a reference': {
    input: madeOf(
      'oci://',
      'layout:',
      'localhost',
      ':5000',
      '/',
      'team',
      '.',
      '..',
      '-',
      '_',
      '@',
      digest,
      'sha256:',
      ':',
      'v1',
      '%2F',
      '[',
      '::1',
      ']',
      ' ',
      '\t',
      '\\',
      '?',
      '#',
      'docker.io',
    ),
    parse: parseReference,
  },
  'a digest': { input: madeOf('sha256', 'sha512', ':', 'a'.repeat(64), 'A', '0', '+', '.'), parse: parseDigest },
  'a challenge': {
    input: madeOf(
      'Bearer',
      'Basic',
      ' ',
      ',',
      'realm',
      '=',
      '"',
      '\\',
      'https://a.b/token',
      'scope',
      'repository:a:pull,push',
      'error',
      'insufficient_scope',
      ';',
      '\t',
    ),
    parse: parseChallenges,
  },
  'a manifest': {
    input: fc.oneof(manifest, json),
    parse: (text) => {
      const bytes = Buffer.from(text);
      return parseManifest(verifyContent(descriptorOf(MediaType.imageManifest, bytes), bytes));
    },
  },
  'an index': {
    input: fc.oneof(manifest, json),
    parse: (text) => {
      const bytes = Buffer.from(text);
      return parseManifest(verifyContent(descriptorOf(MediaType.imageIndex, bytes), bytes));
    },
  },
  "Docker's config": {
    input: fc.oneof(
      document({
        auths: fc.oneof(
          fc.dictionary(
            fc.string(),
            fc.record(
              { auth: fc.oneof(fc.base64String(), fc.anything()), identitytoken: fc.anything() },
              { requiredKeys: [] },
            ),
          ),
          fc.anything(),
        ),
        credHelpers: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.anything()),
        credsStore: fc.oneof(fc.string(), fc.anything()),
      }),
      json,
    ),
    parse: (text) => parseCredentialFile(text, 'config.json'),
  },
  'a manifest.yaml': { input: fc.oneof(yaml, json), parse: (text) => readRegistryDocument(text, 'manifest.yaml') },
  'a manifest.yaml that is edited': {
    input: yaml,
    parse: (text) => [reviewRegistryManifest(text), manifestFixes(text)],
  },
  'a compiled document': {
    input: json,
    parse: (text) => parseJsonDocument({ file: 'a.json', bytes: Buffer.from(text) }),
  },
  'a compiled document that is edited': {
    input: fc.oneof(json, madeOf('{', '}', '"version"', ':', '"0.5.0"', ',', '[', ']', 'null', '\n', '\\u00')),
    parse: reviewCompiledArtifacts,
  },
  'a version constraint': {
    input: madeOf('v', '1', '.', '*', '^', '~', '>=', ' ', '||', '-', 'x', 'rc'),
    parse: parseVersionConstraint,
  },
  'a mirror': { input: madeOf('localhost', ':', '5000', '/', 'a', '//', '@', '%', ' '), parse: parseMirror },
  'an address to redact': {
    input: madeOf('https://', 'user', ':', 'pass', '@', 'a.b', '/', '?', 'token', '=', '&', 'sig', '#', '%'),
    parse: (text) => [redactUrl(text), redactText(text)],
  },
};

describe.each(Object.entries(PARSERS))('%s', (_, { input, parse }) => {
  it(
    'of any kind is read, or refused by an error of ours',
    () => {
      fc.assert(
        fc.property(input, (text) => {
          try {
            parse(text);
          } catch (error) {
            if (!isOciError(error)) throw error;
            expect(error.message).not.toBe('');
          }
        }),
        effort,
      );
    },
    timeout,
  );
});
