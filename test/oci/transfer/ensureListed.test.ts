import { expect, it } from 'vitest';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { ensureListed } from '../../../src/oci/transfer/ensureListed.ts';
import { artifact, put, putGraph } from '../../support/artifacts.ts';
import { referrerOf } from '../../support/referrerContract.ts';
import { connect } from '../remote/support.ts';

const graph = artifact(1);
const subject = graph.root.descriptor.digest;
const sbom = referrerOf(graph.root, 'application/vnd.example.sbom');

it('a referrer whose writer was interrupted before it was listed is listed by the next one', async () => {
  await using connected = await connect({ quirks: { referrersApi: false } });
  const store = connected.repository();
  await putGraph(store, graph, 'v1');
  await put(store, sbom);
  connected.server.repository('team/product').tags.delete(referrersTagOf(subject));
  const other = referrerOf(graph.root, 'application/vnd.example.signature');
  await put(store, other);
  const listed = async () => (await Array.fromAsync(store.referrers(subject))).map(({ digest }) => digest);
  expect(await listed()).toEqual([other.descriptor.digest]);
  await ensureListed(store, sbom.descriptor, subject);
  expect(await listed()).toEqual([other.descriptor.digest, sbom.descriptor.digest]);
});

it('a referrer that is listed is not written again', async () => {
  await using connected = await connect();
  const store = connected.repository();
  await putGraph(store, graph, 'v1');
  await put(store, sbom);
  connected.server.clearRequests();
  await ensureListed(store, sbom.descriptor, subject);
  expect(connected.server.lines()).toEqual([`GET /v2/team/product/referrers/${subject}`]);
});
