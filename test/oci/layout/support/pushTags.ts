/** Pushes an artifact of its own under each tag PREFIX-1 … PREFIX-COUNT into one layout, and says each tag that is done. */
import { LayoutStore } from '../../../../src/oci/layout/layoutStore.ts';
import { artifact, putGraph } from '../../../support/artifacts.ts';

const [path = '', prefix = '', count = ''] = process.argv.slice(2);
const store = await LayoutStore.open(path, { create: true });
for (let i = 1; i <= Number(count); i++) {
  const tag = `${prefix}-${i}`;
  await putGraph(store, artifact(Buffer.from(tag).readUIntBE(0, 4) + i, { size: 50_000 }), tag);
  process.stdout.write(`${tag}\n`);
}
