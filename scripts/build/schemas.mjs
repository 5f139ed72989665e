/** Writes the JSON Schemas that are published: of compiled artifacts from the schemas that the program itself checks by. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { imageConfigHints, manifestHints } from './manifestHints.mjs';

/**
 * @param {string} folder where `compiled_artifacts.schema.json`, which checks, and `compiled_artifacts.hints.schema.json`,
 * which only explains, are put, and what explains manifests and image configs; existing files are replaced
 */
export async function writeSchemas(folder) {
  const { outputFiles } = await build({
    entryPoints: ['src/floe/schema/compiledArtifactsJsonSchema.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  const source = Buffer.from(outputFiles[0].contents).toString('base64');
  const { compiledArtifactsJsonSchema, hintsOf } = await import(`data:text/javascript;base64,${source}`);
  const schema = compiledArtifactsJsonSchema();
  mkdirSync(folder, { recursive: true });
  const write = (name, content) => writeFileSync(`${folder}/${name}`, `${JSON.stringify(content, null, 2)}\n`);
  write('compiled_artifacts.schema.json', schema);
  write('compiled_artifacts.hints.schema.json', hintsOf(schema));
  write('manifest.hints.schema.json', manifestHints);
  write('image_config.hints.schema.json', imageConfigHints);
}
