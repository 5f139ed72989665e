import { resolve } from 'node:path';
import { getCACertificates } from 'node:tls';
import { checkFolder, exceptionsOf, proxyFor, realmFolder, version } from '../../oci/index.ts';
import { sourceOrder } from '../credentialSources.ts';
import { inputFile, readInput } from '../files.ts';
import { formatSize } from '../inspectionLines.ts';
import type { RegistryManifest } from '../registryManifest.ts';
import type { Session } from '../session.ts';
import { type Check, failed, ok, unknown } from './check.ts';

/** What is true of this machine, whatever registry is asked. */
export async function* localChecks(session: Session): AsyncGenerator<Check> {
  const { node } = process.versions;
  const platform = `${process.platform} ${process.arch}`;
  yield ok('Version', `floe-oci ${version}, Node ${node}, ${platform}`, { version, node, platform });
  yield await manifestCheck(session);
  yield sourcesCheck(session);
  yield proxyCheck(session);
  yield await authoritiesCheck(session);
  yield await cacheCheck(session);
  const realms = realmFolder(session.io.env, process.platform);
  yield realms === undefined
    ? unknown('Token servers', 'there is no home folder to remember them in')
    : ok('Token servers', `remembered in ${realms}`, { folder: realms });
}

async function manifestCheck(session: Session): Promise<Check> {
  const name = 'manifest.yaml';
  try {
    const manifest = await session.manifest.find();
    if (manifest === undefined) return ok(name, 'none');
    return ok(name, manifestText(manifest), { registry: manifest.place.registry, auth: manifest.config.auth.type });
  } catch (error) {
    return failed(name, error);
  }
}

function manifestText({ place, config, isFoundByDefault }: RegistryManifest): string {
  return `names ${place.registry}, auth ${config.auth.type}${isFoundByDefault ? ', found in the working folder' : ''}`;
}

/** Where credentials are looked for; which one a registry gets is another question. */
function sourcesCheck({ io, options }: Session): Check {
  const name = 'Sources';
  try {
    const { names, by } = sourceOrder(options, io.env);
    const text = `${[...names, 'else anonymous'].join(', ')}${by === undefined ? '' : `, by ${by}`}`;
    return ok(name, text, { sources: names });
  } catch (error) {
    return failed(name, error);
  }
}

/** Which proxies there are; which one a registry is reached by is another question. */
function proxyCheck({ io }: Session): Check {
  // Where no registry can be: it stands for all that NO_PROXY says nothing of.
  const anywhere = ['https://anywhere.invalid/', 'http://anywhere.invalid/'];
  try {
    const proxies = anywhere.flatMap((url) => proxyFor(new URL(url), io.env) ?? []);
    const names = proxies.map(({ variable, origin, authorization }) => {
      return `${variable} ${origin}${authorization === undefined ? '' : ' (with a user name)'}`;
    });
    const except = exceptionsOf(io.env);
    const text = `${names.join(', ') || 'none'}${except !== '' ? `; not for ${except}` : ''}`;
    return ok('Proxies', text, { proxies: proxies.map(({ variable, origin }) => ({ variable, origin })) });
  } catch (error) {
    return failed('Proxies', error);
  }
}

/** Bytes. The certificates of all authorities there are fit in a tenth of it. */
const MAX_PEM_SIZE = 4 * 1024 * 1024;

async function authoritiesCheck({ io, options }: Session): Promise<Check> {
  const name = 'Authorities';
  const extra = io.env['NODE_EXTRA_CA_CERTS'];
  const system = getCACertificates('system').length;
  const named = [
    ...(options.caFile === undefined ? [] : [`--ca-file ${options.caFile}`]),
    ...(extra ? [`NODE_EXTRA_CA_CERTS ${extra}`] : []),
  ];
  const text = [`Node's, ${system} of the system`, ...named].join(', ');
  if (!extra) return ok(name, text, { system });
  try {
    // Node says nothing of a file that it cannot use.
    const pem = await readInput(inputFile(resolve(io.cwd), extra), MAX_PEM_SIZE);
    if (new TextDecoder().decode(pem).includes('-----BEGIN ')) return ok(name, text, { system, extra });
    return { name, status: 'warning', text: `${text}, which is not PEM`, facts: { system, extra } };
  } catch (error) {
    return failed(name, error, 'warning');
  }
}

async function cacheCheck(session: Session): Promise<Check> {
  if (session.options.cache === false) return ok('Cache', 'left alone: --no-cache');
  try {
    const status = await (await session.openCache()).status(session.call);
    // One that is not there is as good as empty, until it has to be made.
    await checkFolder(status.path);
    const { path, entries, expired, totalSizeBytes, maxSizeBytes } = status;
    const size = `${formatSize(totalSizeBytes)} of ${formatSize(maxSizeBytes)}`;
    return ok('Cache', `${path}: ${entries} entries, ${expired} expired, ${size}`, { ...status });
  } catch (error) {
    return failed('Cache', error, 'warning');
  }
}
