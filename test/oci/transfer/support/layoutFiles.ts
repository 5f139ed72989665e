import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Annotation } from '../../../../src/oci/spec/annotations.ts';
import { type Descriptor, isManifestDescriptor } from '../../../../src/oci/spec/descriptor.ts';
import { digestOf, encodedOf } from '../../../../src/oci/spec/digest.ts';

/** What is wrong with a file of a layout that takes the place of another: other bytes than its name says, or listed too early. */
export function wrongIn(path: string, after: Buffer): readonly string[] {
  if (basename(path) === 'index.json') return entriesIn(after).flatMap((entry) => missingBelow(dirname(path), entry));
  const isWrong = basename(dirname(path)) === 'sha256' && encodedOf(digestOf(after)) !== basename(path);
  return isWrong ? [`${path} is something else`] : [];
}

/** Tags that `index.json` had and has no more. */
export function lostIn(path: string, before: Buffer | undefined, after: Buffer): readonly string[] {
  if (basename(path) !== 'index.json' || before === undefined) return [];
  const names = namesIn(after);
  return namesIn(before)
    .filter((name) => !names.includes(name))
    .map((name) => `${name} was lost`);
}

/** Files below a layout that are not of the layout: temporary ones, and locks. */
export function leftOversIn(layout: string): readonly string[] {
  const files = existsSync(layout) ? readdirSync(layout, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((path) => basename(path).startsWith('.') || /\.(?:lock|claim)$/.test(path));
}

function entriesIn(index: Buffer): readonly Descriptor[] {
  return JSON.parse(index.toString()).manifests;
}

function namesIn(index: Buffer): readonly string[] {
  return entriesIn(index).flatMap(({ annotations }) => annotations?.[Annotation.refName] ?? []);
}

/** Read as they are, without any store. */
function missingBelow(layout: string, descriptor: Descriptor): readonly string[] {
  const path = join(layout, 'blobs', 'sha256', encodedOf(descriptor.digest));
  if (!existsSync(path) || digestOf(readFileSync(path)) !== descriptor.digest) {
    return [`${descriptor.mediaType} ${descriptor.digest} is listed too early`];
  }
  if (!isManifestDescriptor(descriptor)) return [];
  const { config, layers = [], manifests = [] } = JSON.parse(readFileSync(path, 'utf8'));
  return [...(config ? [config] : []), ...layers, ...manifests].flatMap((child) => missingBelow(layout, child));
}
