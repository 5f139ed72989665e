import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonJsNames, keepProcessUntouched } from '../../../../scripts/build/bundling.mjs';
import { type Aws, startAws } from '../../../support/cloud/aws.ts';
import { IDENTITY_HEADER, startAcr, startAzureMachine } from '../../../support/cloud/azure.ts';
import type { CloudServer } from '../../../support/cloud/cloudServer.ts';
import { federatedIdentity, startGoogle } from '../../../support/cloud/google.ts';

const run = promisify(execFile);
const src = resolve(import.meta.dirname, '../../../../src/oci/credentials/cloud');
const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret-access-key' };
let folder: string;
let metafile: Metafile;

/** Asks for a credential, and prints what of the process differs afterwards, property by property. */
const program = `
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import dns from 'node:dns';
import crypto from 'node:crypto';
import events from 'node:events';
import stream from 'node:stream';

const objects = { globalThis, process, 'process.env': process.env, console, JSON, Math, Reflect, fs, 'fs.promises': fs.promises, http, https, net, tls, dns,
  crypto, events, stream, 'http.globalAgent': http.globalAgent, 'https.globalAgent': https.globalAgent };
for (const type of [Object, Function, Array, String, Number, Promise, Map, Set, Date, RegExp, Error, Symbol, Uint8Array, ArrayBuffer, Buffer,
  URL, URLSearchParams, AbortSignal, ReadableStream, Headers, http.Agent, https.Agent, net.Socket, events]) {
  objects[type.name] = type;
  objects[type.name + '.prototype'] = type.prototype;
}
// Agents count what they carry; the current domain is the reader's own.
const CHANGING = /Agent\\.(sockets|freeSockets|requests|totalSocketCount|_sessionCache)$/;
const look = () => {
  const seen = new Map();
  for (const [name, object] of Object.entries(objects)) {
    for (const key of Reflect.ownKeys(object)) {
      const { get, value } = Object.getOwnPropertyDescriptor(object, key);
      if (!CHANGING.test(name + '.' + String(key))) seen.set(name + '.' + String(key), get ?? value);
    }
  }
  for (const event of ['exit', 'beforeExit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection', 'warning']) {
    seen.set('listeners of ' + event, process.listenerCount(event));
  }
  return seen;
};
// What Node itself puts in place when it is first used.
const warm = http.createServer((request, response) => response.end());
await new Promise((done) => warm.listen(0, '127.0.0.1', done));
await (await fetch('http://127.0.0.1:' + warm.address().port)).text();
warm.closeAllConnections();
await new Promise((done) => warm.close(done));
for (const object of Object.values(objects)) for (const key of Reflect.ownKeys(object)) try { object[key]; } catch {}

const { cloudCredentials } = await import('./entry.mjs');
const before = look();
const [host, acr] = process.argv.slice(2);
const post = async (url, body) => {
  const response = await fetch(new URL(url.pathname, acr), { method: 'POST', body });
  return { status: response.status, text: await response.text() };
};
const credential = await cloudCredentials({ environment: process.env, post }).credentialFor(host);
const after = look();
const names = new Set([...before.keys(), ...after.keys()]);
const differing = [...names].filter((name) => !Object.is(before.get(name), after.get(name)));
console.log(JSON.stringify({ kind: credential.kind, differing }));
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'untouched-cloud-'));
  await writeFile(join(folder, 'program.mjs'), program);
  ({ metafile } = await build({
    entryPoints: { entry: join(src, 'cloudCredentials.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    banner: { js: commonJsNames },
    plugins: [keepProcessUntouched],
    minify: true,
    legalComments: 'none',
    metafile: true,
  }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function differingAfter(environment: Record<string, string>, host: string, acr = ''): Promise<unknown> {
  const env = { HOME: folder, PATH: folder, ...environment };
  // Reading every property touches old ones, which Node would warn of.
  const arguments_ = ['--no-deprecation', join(folder, 'program.mjs'), host, acr];
  const { stdout, stderr } = await run(process.execPath, arguments_, { env });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('the SDK', () => {
  it.each(['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 'public.ecr.aws'])(
    'of AWS leaves the process as it was, for %s',
    async (host) => {
      await using aws: Aws = await startAws({ keys: KEYS });
      const keys = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
      expect(await differingAfter({ ...aws.endpoints, ...keys }, host)).toEqual({ kind: 'basic', differing: [] });
    },
  );

  it('of Azure leaves the process as it was', async () => {
    await using machine: CloudServer = await startAzureMachine();
    await using acr: CloudServer = await startAcr({ service: 'contoso.azurecr.io' });
    const environment = { IDENTITY_ENDPOINT: `${machine.url}/msi/token`, IDENTITY_HEADER };
    const outcome = await differingAfter(environment, 'contoso.azurecr.io', acr.url);
    expect(outcome).toEqual({ kind: 'identityToken', differing: [] });
  });

  it('of Google leaves the process as it was', async () => {
    await using google: CloudServer = await startGoogle();
    await writeFile(join(folder, 'token'), 'web-token');
    await writeFile(join(folder, 'identity.json'), federatedIdentity(google, join(folder, 'token')));
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'identity.json') };
    expect(await differingAfter(environment, 'europe-west3-docker.pkg.dev')).toEqual({ kind: 'basic', differing: [] });
  });
});

describe('what is loaded at once', () => {
  /** Packages in an output and in everything it imports statically. */
  const packagesIn = (output: string, seen = new Set<string>()): readonly string[] => {
    if (seen.has(output)) return [];
    seen.add(output);
    const { inputs = {}, imports = [] } = metafile.outputs[output] ?? {};
    const own = Object.keys(inputs).flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []);
    const statically = imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true);
    return [...new Set([...own, ...statically.flatMap(({ path }) => packagesIn(path, seen))])];
  };
  const outputOf = (source: string): string =>
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(`cloud/${source}`))?.[0] ??
    source;

  it('holds no SDK', () => {
    expect(packagesIn(outputOf('cloudCredentials.ts'))).toEqual(['zod']);
  });

  it('for one cloud holds the SDK of no other', () => {
    const sdks = (source: string): readonly string[] =>
      packagesIn(outputOf(source)).filter((name) =>
        /^(@aws-sdk\/client-|@azure\/identity|google-auth-library)/.test(name),
      );
    expect(sdks('ecr.ts')).toEqual(['@aws-sdk/client-ecr']);
    expect(sdks('ecrPublic.ts')).toEqual(['@aws-sdk/client-ecr-public']);
    expect(sdks('entraToken.ts')).toEqual(['@azure/identity']);
    expect(sdks('googleToken.ts')).toEqual(['google-auth-library']);
  });
});
