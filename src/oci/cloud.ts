import { type AcrCredentialsOptions, acrCredentials } from './credentials/cloud/acrCredentials.ts';
import type { PostForm } from './credentials/cloud/acrExchange.ts';
import { type CloudCredentialsOptions, cloudCredentials } from './credentials/cloud/cloudCredentials.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import { OciError } from './errors.ts';
import type { Logger } from './telemetry/logger.ts';
import { boundedBody } from './transport/boundedBody.ts';
import { type EngineName, loadEngine } from './transport/compose.ts';
import { observed } from './transport/observe.ts';
import type { ConnectionOptions } from './transport/transport.ts';

export type { AccessToken } from './credentials/cloud/acrExchange.ts';
export { cloudSignal } from './credentials/cloud/cloudEnvironment.ts';
export { type Cloud, cloudRegistryOf } from './credentials/cloud/cloudRegistry.ts';

/** What the clouds' credentials need, with how their token servers are reached. */
export type CloudSourceOptions = Omit<CloudCredentialsOptions, 'post'> & Reach;
/** What Azure's credentials need, with how the registry's token server is reached. */
export type AcrSourceOptions = Omit<AcrCredentialsOptions, 'post'> & Reach;

/** How a registry is reached for what no SDK does: the exchange of Azure's token. */
interface Reach {
  readonly engine: EngineName;
  readonly connection?: ConnectionOptions;
  readonly logger: Logger;
  readonly userAgent: string;
}

/** What an identity in a cloud leads to, with our own HTTP where a registry has to be asked. @throws as {@link cloudCredentials} */
export function createCloudCredentials(options: CloudSourceOptions): CredentialSource {
  return cloudCredentials({ ...options, post: postBy(options) });
}

/** What a token of Azure leads to, with our own HTTP for its exchange. @throws as {@link acrCredentials} */
export function createAcrCredentials(options: AcrSourceOptions): CredentialSource {
  return acrCredentials({ ...options, post: postBy(options) });
}

/** Bytes. A refresh token has some kilobytes. */
const MAX_ANSWER = 64 * 1024;

function postBy({ engine, connection = {}, logger, userAgent }: Reach): PostForm {
  return async (url, form, signal) => {
    const transport = observed(await loadEngine(engine, connection), { logger, userAgent });
    const bytes = Buffer.from(form.toString());
    const open = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    try {
      const request = { method: 'POST', url, headers, body: { size: bytes.length, open } } as const;
      const response = await transport.send(request, { signal });
      return { status: response.status, text: await textOf(response.body, url.host) };
    } finally {
      await transport.close();
    }
  };
}

async function textOf(body: AsyncIterable<Uint8Array>, host: string): Promise<string> {
  const details = { what: 'bytes of a token response', limit: MAX_ANSWER };
  const tooLarge = () => new OciError('LIMIT_EXCEEDED', `${host}: the answer to the exchange is too large`, details);
  return (await boundedBody(body, MAX_ANSWER, tooLarge)).toString('utf8');
}
