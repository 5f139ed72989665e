import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDocument } from '../../src/floe/pushArtifact.ts';
import { readRegistryFile, reviewRegistryManifest } from '../../src/floe/registryManifest.ts';
import { reviewCompiledArtifacts } from '../../src/floe/reviewCompiledArtifacts.ts';
import { isOciError, OciError } from '../../src/oci/index.ts';
import { type RejectedDocument, rejectedDocuments } from '../support/rejectedDocuments.ts';
import { fixture } from './documents.ts';

const folder = resolve(import.meta.dirname, '../fixtures/floe');
const isJson = ({ file }: RejectedDocument): boolean => file.endsWith('.json');

async function refusalOf(document: RejectedDocument): Promise<OciError> {
  try {
    if (isJson(document)) await prepareDocument(document);
    else readRegistryFile(document);
  } catch (error) {
    if (error instanceof OciError) return error;
    throw error;
  }
  throw new Error(`${document.file} is accepted`);
}

/** The paths of the problems that an editor marks. */
function marked(document: RejectedDocument): readonly string[] {
  const text = new TextDecoder().decode(document.bytes);
  const findings = isJson(document) ? reviewCompiledArtifacts(text) : reviewRegistryManifest(text);
  return findings.filter(({ severity }) => severity === 'error').map(({ path }) => path);
}

it('every document that is refused is known with what is said of it', () => {
  expect(readdirSync(resolve(folder, 'rejected')).sort()).toEqual(rejectedDocuments.map(({ file }) => file).sort());
});

describe.each(rejectedDocuments)('$file', (document) => {
  const { file, code, problems } = document;

  it('is refused with code, path, line and sentence', async () => {
    const error = await refusalOf(document);
    expect(error.code).toBe(code);
    if (isOciError(error, 'INVALID_DOCUMENT')) {
      expect(error.details).toEqual({ file, problems });
      const [first] = problems;
      const place = first?.line === undefined ? file : `${file}:${first.line}`;
      expect(error.message).toBe(`${place}: ${first?.path || 'the document'} ${first?.message}`);
    } else if (isOciError(error, 'SECRET_IN_DOCUMENT')) {
      expect(error.details.paths).toEqual(problems.map(({ path }) => path));
    } else {
      expect(problems).toEqual([{ path: 'version' }]);
    }
  });

  // What is no text, or no JSON, an editor says itself.
  const isLeftToEditor = problems.some(({ path }) => path === '') || file === 'name-twice.json';
  it(isLeftToEditor ? 'is left to the editor, or marked as a whole' : 'is marked at its places in an editor', () => {
    const places = marked(document);
    if (isLeftToEditor) expect(places.every((path) => path === '')).toBe(true);
    else expect(places.toSorted()).toEqual(problems.map(({ path }) => path).sort());
  });
});

describe.each(readdirSync(resolve(folder, 'versions')))('%s', (file) => {
  it('keeps the contract of its version, with nothing to remark', async () => {
    const { warnings } = await prepareDocument(fixture(`versions/${file}`));
    expect(warnings).toEqual([]);
    expect(reviewCompiledArtifacts(new TextDecoder().decode(fixture(`versions/${file}`).bytes))).toEqual([]);
  });
});
