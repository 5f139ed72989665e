import { afterAll, beforeAll } from 'vitest';
import { Registry } from '../../../src/oci/remote/registry.ts';
import type { UploadMode } from '../../../src/oci/remote/uploadHabits.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { deletionContract } from '../../support/deletionContract.ts';
import { type DockerRegistry, startDockerRegistry } from '../../support/dockerRegistry.ts';
import { referrerContract } from '../../support/referrerContract.ts';
import type { Quirks } from '../../support/registry/index.ts';
import { storeContract } from '../../support/storeContract.ts';
import { type ConnectOptions, connect } from './support.ts';

const credential = { username: 'ann', password: 'secret' };

/** The engines share the ways in among them. */
const WAYS: Readonly<Record<string, ConnectOptions>> = {
  'anonymously over undici': { engine: 'undici' },
  'by password over node:http': { engine: 'node', credential, auth: credential },
  "by token over the host's fetch": { engine: 'host', credential, auth: { ...credential, scheme: 'bearer' } },
};

for (const [way, options] of Object.entries(WAYS)) {
  storeContract(`a repository in the registry of this process, ${way}`, async () => {
    const connected = await connect({ ...options, quirks: { exactLocations: true } });
    return {
      store: connected.repository(),
      abilities: { sha512: true, enforcesClosure: true },
      cleanup: () => connected[Symbol.asyncDispose](),
    };
  });
}

const REGISTRIES: Readonly<Record<string, Quirks>> = {
  'with all that the specification has': {},
  'without a referrers API': { referrersApi: false },
  'that takes and gives referrers page by page, unfiltered': { referrersPageSize: 1, filtersReferrers: false },
};
for (const [kind, quirks] of Object.entries(REGISTRIES)) {
  const make = async () => {
    const connected = await connect({ quirks });
    return {
      store: connected.repository(),
      abilities: { sha512: true, enforcesClosure: true },
      deletion: { untags: true, deletes: true },
      cleanup: () => connected[Symbol.asyncDispose](),
    };
  };
  referrerContract(`a repository in a registry ${kind}`, make);
  deletionContract(`a repository in a registry ${kind}`, make);
}

deletionContract('a repository in a registry that deletes nothing', async () => {
  const connected = await connect({ quirks: { deletion: false } });
  return {
    store: connected.repository(),
    abilities: { sha512: true, enforcesClosure: true },
    deletion: { untags: false, deletes: false },
    cleanup: () => connected[Symbol.asyncDispose](),
  };
});

let debian: DockerRegistry;
let repositories = 0;
beforeAll(async () => {
  debian = await startDockerRegistry();
});
afterAll(() => debian[Symbol.asyncDispose]());

/** A repository of its own each time: what another one has is not there in it. */
const makeDebian = async (uploadMode: UploadMode = 'monolithic') => {
  const transport = createUndiciTransport({});
  const registry = new Registry({ host: debian.host, plainHttp: true, transport, uploadMode });
  repositories += 1;
  return {
    store: registry.repository(parseRepositoryName(`team/product-${repositories}`)),
    // Version 2.8 names content by sha256 alone, and knows a repository by its tags.
    // It takes no notice of conditions.
    abilities: { sha512: false, enforcesClosure: true, listsNoTags: false, mindsExpectedTags: false },
    // It takes no tag away without its manifest.
    deletion: { untags: false, deletes: true },
    cleanup: () => transport.close(),
  };
};
storeContract("a repository in Debian's docker-registry", () => makeDebian());
storeContract("a repository in Debian's docker-registry, with blobs in chunks", () => makeDebian('chunked'));
referrerContract("a repository in Debian's docker-registry, which has no referrers API", () => makeDebian());
deletionContract("a repository in Debian's docker-registry", () => makeDebian());
