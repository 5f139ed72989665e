// An extension that uses what ours offers to others, on command, and writes what came of it into the file that
// CONSUMER_REPORT names. CONSUMER_REGISTRY is the host of a registry with floe/ticket-sales:1.2.0, CONSUMER_LOCKED one with
// acme/secret:1 for its robot alone. No part of the product.
import fs from 'node:fs';
import { CancellationTokenSource, commands, extensions, lm, Uri, workspace } from 'vscode';

const { CONSUMER_REPORT: report = '', CONSUMER_REGISTRY: host = '', CONSUMER_LOCKED: locked = '' } = process.env;

export function activate({ subscriptions }) {
  subscriptions.push(commands.registerCommand('consumer.use', use));
}

async function use() {
  const floe = extensions.getExtension('floe.floe-oci');
  const exported = await floe.activate();
  const api = exported.getApi(1);
  const reference = `oci://${host}/floe/ticket-sales:1.2.0`;
  const asked = [];
  // They stay, so that the views have them as well.
  api.registerCredentialSource({
    label: 'Consumer',
    credentialFor: (registry) => {
      asked.push(registry);
      return registry === locked ? { kind: 'basic', username: 'robot', password: 'secret' } : undefined;
    },
  });
  api.registerArtifactRenderer({
    artifactTypes: ['application/vnd.floe.*'],
    render: () => ({ icon: 'beaker', description: 'by Consumer' }),
  });
  const target = Uri.joinPath(workspace.workspaceFolders[0].uri, 'by-api.json');
  const content = {
    unknown: await messageOf(() => exported.getApi(2)),
    inspected: (await api.inspect(reference)).digest,
    listed: (await api.list(`oci://${host}/floe/ticket-sales`)).tags.map(({ name }) => name),
    pulled: (await api.pull(reference, target)).files.map(({ uri }) => uri.path),
    unlocked: (await api.inspect(`oci://${locked}/acme/secret:1`)).artifactType,
    missing: await messageOf(() => api.inspect(`oci://${host}/floe/ticket-sales:9.9.9`)),
    tools: lm.tools.filter(({ name }) => name.startsWith('floe-oci_')).map(({ name }) => name),
    tags: await invoke('floe-oci_list_tags', { repository: `oci://${host}/floe/ticket-sales` }),
    stranger: await messageOf(() => invoke('floe-oci_get_manifest', { reference: 'oci://stranger.example/a:1' })),
    asked: [...new Set(asked)],
  };
  fs.writeFileSync(`${report}.new`, JSON.stringify(content));
  fs.renameSync(`${report}.new`, report);
}

async function invoke(name, input) {
  const { token } = new CancellationTokenSource();
  const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  return content.map(({ value }) => value).join('');
}

async function messageOf(act) {
  try {
    await act();
    return 'it went well';
  } catch (error) {
    return String(error?.message ?? error);
  }
}
