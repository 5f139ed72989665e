/** What of others is in what we publish: packages whose files esbuild has put into a bundle. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @typedef {object} Part a package that is bundled, whole or in part
 * @property {string} name
 * @property {string} version
 * @property {string} license as an SPDX expression
 * @property {string} folder where it is installed, from the root
 */

/**
 * Packages in bundles, by name and version.
 *
 * @param {readonly { readonly inputs: object }[]} metafiles as esbuild makes them
 * @param {string} root
 * @returns {Promise<readonly Part[]>}
 * @throws Error when a package does not say its licence
 */
export async function partsOf(metafiles, root) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(inputs.flatMap((input) => folderOf(input) ?? []));
  const parts = await Promise.all([...folders].map((folder) => describe(folder, root)));
  const byName = new Map(parts.map((part) => [`${part.name}@${part.version}`, part]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, part]) => part);
}

/** The folder of the innermost package that a file is of. */
function folderOf(/** @type {string} */ input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input.replace(/^[\w-]+:/, ''))?.[0];
}

/** @returns {Promise<Part>} */
async function describe(/** @type {string} */ folder, /** @type {string} */ root) {
  const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} does not say its licence`);
  return { name, version, license, folder };
}
