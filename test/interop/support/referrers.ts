import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referrersTagOf } from '../../../src/oci/spec/referrersTag.ts';
import { artifact, type Graph } from '../../support/artifacts.ts';
import type { Client, RemoteName } from '../../support/clients/index.ts';
import type { Findings } from '../matrix.test.ts';
import { makeLayout, messageOf, type Outcome, TAG } from './exchange.ts';
import { folderIn, runCommand } from './runCommand.ts';

const TYPE = 'application/vnd.example.sbom.v1';

/** Each client attaches a file to an artifact, and all of them list what refers to it. */
export async function exchangeReferrers(clients: readonly Client[], host: string, home: string): Promise<Findings> {
  const graph = artifact(30);
  const layout = await makeLayout(join(home, 'source'), graph);
  const folder = folderIn(home, 'files');
  await writeFile(join(folder, 'sbom.json'), '{"bom": true}');
  const findings: { writer: string; reader: string; outcome: Outcome }[] = [];
  for (const writer of clients) {
    const remote: RemoteName = { host, repository: `team/attached-by-${writer.name}`, reference: TAG };
    await runCommand((clients[0] as Client).push(layout, remote), home);
    const attach = writer.attach?.({ folder, name: 'sbom.json' }, remote, TYPE);
    const written = attach === undefined ? 'none' : await runCommand(attach, home).then(() => 'same', messageOf);
    const digests = written === 'same' ? await referrersIn(remote, graph) : [];
    for (const reader of clients) {
      const outcome = written === 'same' ? await listReferrers(reader, remote, digests, home) : written;
      findings.push({ writer: writer.name, reader: reader.name, outcome });
    }
  }
  return findings;
}

async function listReferrers(
  client: Client,
  of: RemoteName,
  digests: readonly string[],
  home: string,
): Promise<Outcome> {
  const list = client.referrers?.(of);
  if (list === undefined) return 'none';
  if (digests.length !== 1) return 'the registry lists no referrer';
  try {
    const said = (await runCommand(list, home)).toString('utf8');
    return digests.every((digest) => said.includes(digest)) ? 'same' : 'the referrer is not listed';
  } catch (error) {
    return messageOf(error);
  }
}

/** What the registry lists by its API, or has under the tag that stands in for it. */
async function referrersIn({ host, repository }: RemoteName, { root }: Graph): Promise<readonly string[]> {
  const { digest } = root.descriptor;
  for (const path of [`referrers/${digest}`, `manifests/${referrersTagOf(digest)}`]) {
    const headers = { accept: 'application/vnd.oci.image.index.v1+json' };
    const answer = await fetch(`http://${host}/v2/${repository}/${path}`, { headers });
    if (!answer.ok) continue;
    const { manifests } = (await answer.json()) as { manifests: readonly { digest: string }[] };
    return manifests.map((manifest) => manifest.digest);
  }
  return [];
}
