import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { digestOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import type { HttpResponse, Transport } from '../../../src/oci/transport/transport.ts';
import { artifact, multiPlatform, putGraph, tagOf } from '../../support/artifacts.ts';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { publish, pull, setUp } from './support/caches.ts';

it('skopeo reads a cache as the image layout that it is', async () => {
  const setup = await setUp();
  const [graph, index] = [artifact(1), multiPlatform(2)];
  publish(setup.remote, graph, 'v1.0.0');
  publish(setup.remote, index, 'latest');
  const cache = setup.open();
  await pull(setup.repository({ cache }), 'v1.0.0', graph);
  await pull(setup.repository({ cache }), 'latest', index);
  await cache.close();
  const run = promisify(execFile);
  const name = `${setup.remote.server.host}/team/product`;
  for (const [tag, { root }] of [
    ['v1.0.0', graph],
    ['latest', index],
  ] as const) {
    const from = `oci:${setup.path}:${name}:${tag}`;
    const { stdout } = await run('skopeo', ['--insecure-policy', 'inspect', '--raw', from], { encoding: 'buffer' });
    expect(digestOf(stdout)).toBe(root.descriptor.digest);
    const copy = join(temporaryFolder(), 'copy');
    await run('skopeo', ['--insecure-policy', 'copy', '--all', from, `oci:${copy}:copied`]);
    expect((await (await LayoutStore.open(copy)).resolve(tagOf('copied'))).digest).toBe(root.descriptor.digest);
  }
});

it("Debian's docker-registry says that a tag has not moved, in one answer without content", async () => {
  const server = await startDockerRegistry();
  const inner = createUndiciTransport({});
  onTestFinished(async () => {
    await inner.close();
    await server[Symbol.asyncDispose]();
  });
  const answers: HttpResponse[] = [];
  const transport: Transport = {
    send: async (...request) => {
      const response = await inner.send(...request);
      answers.push(response);
      return response;
    },
    close: () => inner.close(),
  };
  const repository = parseRepositoryName('team/product');
  const source = new Registry({ host: server.host, plainHttp: true, transport }).repository(repository);
  const graph = artifact(1);
  await putGraph(source, graph, 'latest');
  const cache = new Cache({ path: join(temporaryFolder(), 'cache') });
  const place = { registry: server.host, repository };
  await pull(cache.repository(place, source), 'latest', graph);
  answers.length = 0;
  await pull(cache.repository(place, source, { mode: 'checked' }), 'latest', graph);
  expect(answers.map(({ status }) => status)).toEqual([304]);
  await cache.close();
});
