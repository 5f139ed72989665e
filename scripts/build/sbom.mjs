/** The bill of materials, in CycloneDX: what of others is in what we publish. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';

/**
 * The text of a CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/), the same for the same parts: it has neither a
 * time nor a serial number.
 *
 * @param {readonly import('./parts.mjs').Part[]} parts
 * @param {string} root
 */
export async function sbomOf(parts, root) {
  const { name, version, license, description } = await readJson(path.join(root, 'package.json'));
  const { packages } = await readJson(path.join(root, 'package-lock.json'));
  const bom = new Models.Bom();
  bom.metadata.component = componentOf({ name, version, license }, Enums.ComponentType.Application);
  bom.metadata.component.description = description;
  for (const part of parts) {
    const component = componentOf(part, Enums.ComponentType.Library);
    const { integrity } = packages[part.folder] ?? {};
    const hash = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
    if (hash !== undefined) {
      component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(hash, 'base64').toString('hex'));
    }
    bom.components.add(component);
    bom.metadata.component.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ name, version, license }, type) {
  const [, group, own] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  const purl = `pkg:npm/${group === undefined ? '' : `${encodeURIComponent(group)}/`}${own}@${version}`;
  const component = new Models.Component(type, own, { version, purl, bomRef: purl });
  if (group !== undefined) component.group = group;
  const known = SPDX.isSupportedSpdxId(license);
  component.licenses.add(known ? new Models.SpdxLicense(license) : new Models.LicenseExpression(license));
  return component;
}

async function readJson(/** @type {string} */ file) {
  return JSON.parse(await readFile(file, 'utf8'));
}
