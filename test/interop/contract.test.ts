import { inject } from 'vitest';
import { Registry } from '../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../src/oci/spec/repositoryName.ts';
import { createUndiciTransport } from '../../src/oci/transport/engines/undici.ts';
import { deletionContract } from '../support/deletionContract.ts';
import { referrerContract } from '../support/referrerContract.ts';
import { storeContract } from '../support/storeContract.ts';
import { registriesOf } from './support/registries.ts';

for (const { name, abilities, deletion, start } of registriesOf(inject('peers').programs)) {
  const make = async () => {
    const server = await start();
    const transport = createUndiciTransport({});
    const registry = new Registry({ host: server.host, plainHttp: true, transport });
    return {
      store: registry.repository(parseRepositoryName('team/product')),
      abilities,
      deletion,
      cleanup: async () => {
        await transport.close();
        await server[Symbol.asyncDispose]();
      },
    };
  };
  storeContract(`a repository in ${name}`, make);
  referrerContract(`a repository in ${name}`, make);
  deletionContract(`a repository in ${name}`, make);
}
