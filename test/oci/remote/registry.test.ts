import { afterEach, describe, expect, it } from 'vitest';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { HttpRequest, Transport } from '../../../src/oci/transport/transport.ts';
import { failure } from '../../support/failure.ts';
import type { Fault } from '../../support/registry/index.ts';
import { type Connected, connect } from './support.ts';

let connected: Connected | undefined;
afterEach(() => connected?.[Symbol.asyncDispose]());

const password = { username: 'ann', password: 'secret' };

describe('asking whether a registry is there', () => {
  it('is one request', async () => {
    connected = await connect();
    await connected.registry.ping();
    expect(connected.server.lines()).toEqual(['GET /v2/']);
  });

  it('says that it does not let us in', async () => {
    connected = await connect({ auth: password, credential: { ...password, password: 'wrong' } });
    const { host } = connected.server;
    await expect(connected.registry.ping()).rejects.toEqual(failure('UNAUTHORIZED', { registry: host }));
  });

  it.each<readonly [string, Fault, object]>([
    ['a web page', { kind: 'html' }, failure('INVALID_RESPONSE')],
    ['a web page that is not found', { kind: 'html', status: 404 }, failure('INVALID_RESPONSE')],
    ['403', { kind: 'status', status: 403 }, failure('DENIED')],
    ['503', { kind: 'status', status: 503 }, failure('REGISTRY_UNAVAILABLE')],
    ['204', { kind: 'status', status: 204 }, failure('INVALID_RESPONSE', { status: 204 })],
    ['a reset', { kind: 'reset', afterBytes: 0 }, failure('REGISTRY_UNAVAILABLE', { status: null })],
  ])('says what is there instead: %s', async (_, fault, error) => {
    connected = await connect({ faults: [{ fault }] });
    await expect(connected.registry.ping()).rejects.toEqual(error);
  });

  it('says that nobody is there', async () => {
    connected = await connect();
    await connected.server.close();
    await expect(connected.registry.ping()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
  });
});

describe('a registry', () => {
  it('logs each of its warnings once, made fit for a line', async () => {
    const value = ['299 - "going away \u009b31m soon"', '299 - "and \\"this\\""', '199 - "not ours"'];
    connected = await connect({ faults: [{ fault: { kind: 'header', name: 'warning', value } }] });
    await connected.registry.ping();
    await connected.registry.ping();
    const warnings = connected.log.filter(({ event }) => event === 'registry_warning');
    expect(warnings.map(({ level, fields }) => [level, fields['warning']])).toEqual([
      ['warn', expect.stringMatching(/^going away \P{Cc}*soon$/u)],
      ['warn', 'and "this"'],
    ]);
  });

  it('that is Docker Hub is spoken to where it answers, and named as people name it', async () => {
    const urls: string[] = [];
    const transport: Transport = {
      send: async ({ url }: HttpRequest) => {
        urls.push(url.href);
        throw new Error('enough');
      },
      close: async () => {},
    };
    const hub = new Registry({ host: 'index.docker.io', plainHttp: false, transport });
    const repository = hub.repository(parseRepositoryName('library/alpine'));
    await expect(hub.ping()).rejects.toThrow('enough');
    expect([hub.host, repository.name, ...urls]).toEqual([
      'docker.io',
      'docker.io/library/alpine',
      'https://registry-1.docker.io/v2/',
    ]);
  });

  it.each(['a/b', 'user@host', 'http://host', 'host:0', ''])('has a host, and %j is none', (host) => {
    const transport: Transport = { send: () => Promise.reject(new Error('sent')), close: async () => {} };
    expect(() => new Registry({ host, plainHttp: false, transport })).toThrow(
      expect.objectContaining({ code: 'INVALID_REFERENCE' }),
    );
  });
});
