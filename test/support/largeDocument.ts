import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE = join(import.meta.dirname, '../../samples/ticket-sales/target/compiled_artifacts.json');

/** The sample with so many more models that it has at least `size` bytes; it keeps the contract. */
export function largeDocument(size: number): Buffer {
  const document = JSON.parse(readFileSync(SAMPLE, 'utf8'));
  const { models } = document.transforms;
  const model = models[0];
  const missing = size - Buffer.byteLength(JSON.stringify(document));
  const more = Math.ceil(missing / Buffer.byteLength(JSON.stringify(model)));
  for (let i = 0; i < more; i++) models.push({ ...model, name: `${model.name}_${i}` });
  return Buffer.from(JSON.stringify(document));
}
