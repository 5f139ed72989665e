import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { giveBack, lend, pieceOfMemory } from '../../../../src/oci/lending.ts';
import { createUndiciTransport } from '../../../../src/oci/transport/engines/undici.ts';
import type { Transport } from '../../../../src/oci/transport/transport.ts';
import { type ServeOptions, serve, type TestServer, tlsFixture } from '../../../support/transportServer.ts';

const MIB = 1024 * 1024;
const content = randomBytes(12 * MIB);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function setUp(handler: Parameters<typeof serve>[0], options?: ServeOptions): Promise<[TestServer, Transport]> {
  const home = await serve(handler, options);
  const sender = createUndiciTransport({ ca: tlsFixture('ca.crt'), timeoutSeconds: 30 });
  cleanup.push(home.close, () => sender.close());
  return [home, sender];
}

/** Gives each chunk back as soon as it has been hashed, so that its memory takes what comes next. */
async function digestOfBody(sender: Transport, url: URL): Promise<string> {
  const hash = createHash('sha256');
  const { body } = await sender.send({ method: 'GET', url });
  for await (const chunk of body) {
    hash.update(chunk);
    giveBack(chunk);
  }
  return hash.digest('hex');
}

describe('memory that is used again', () => {
  it.each([
    ['of known length', { 'content-length': String(content.length) }, {}],
    ['in chunks', {}, {}],
    ['over TLS', { 'content-length': String(content.length) }, { certificate: 'server' }],
  ] as const)('takes bodies %s, several at once, each as it was sent', async (_, headers, options) => {
    const [{ url }, sender] = await setUp((_request, response) => {
      response.writeHead(200, headers);
      // Sizes of chunks that end anywhere in what is read at once.
      for (let at = 0; at < content.length; at += 700_001) response.write(content.subarray(at, at + 700_001));
      response.end();
    }, options);
    const digests = await Promise.all(Array.from({ length: 4 }, () => digestOfBody(sender, url)));
    expect(digests).toEqual(Array(4).fill(sha256(content)));
  });

  it('gives uploads, each as it was', async () => {
    const [{ url }, sender] = await setUp((request, response) => {
      const hash = createHash('sha256');
      request.on('data', (chunk) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')));
    });
    const upload = async (): Promise<string> => {
      const open = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < content.length; at += MIB) {
          const memory = pieceOfMemory();
          memory.set(content.subarray(at, at + MIB));
          yield lend(memory);
        }
      };
      const { body } = await sender.send({ method: 'PUT', url, body: { size: content.length, open } });
      let text = '';
      for await (const chunk of body) text += Buffer.from(chunk).toString();
      return text;
    };
    expect(await Promise.all(Array.from({ length: 4 }, upload))).toEqual(Array(4).fill(sha256(content)));
  });
});
