import http, { type AgentOptions } from 'node:http';
import https from 'node:https';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import type { Environment } from '../environment.ts';
import type { IssuedCredential } from './renewedCredentials.ts';

/** What both services answer. */
interface AuthorizationData {
  readonly authorizationToken?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/** Milliseconds: twelve hours, for a token that does not say when it ends. */
const DEFAULT_LIFETIME = 12 * 3_600_000;

/** Node's own agents read the variables of proxies, from the version on that knows the option. */
type ProxyAgentOptions = AgentOptions & { readonly proxyEnv: Environment };

interface ClientOptions {
  readonly credentials?: ReturnType<typeof fromIni>;
  readonly requestHandler: { readonly httpAgent: http.Agent; readonly httpsAgent: https.Agent };
}

/**
 * How AWS is asked: through the proxy of the environment, which the SDK leaves alone by itself. Who signs is the profile
 * that is named, and it alone; else what the SDK finds, which without any variable asks the machine: a profile that leads
 * nowhere must not end there.
 */
export function ecrClientOptions(environment: Environment): ClientOptions {
  const profile = environment['AWS_PROFILE'];
  const agent: ProxyAgentOptions = { keepAlive: true, proxyEnv: environment };
  return {
    requestHandler: { httpAgent: new http.Agent(agent), httpsAgent: new https.Agent(agent) },
    ...(profile && { credentials: fromIni({ profile }) }),
  };
}

/** @throws Error when there is no token in the answer */
export function ecrCredential(data: AuthorizationData | undefined, source: string): IssuedCredential {
  const decoded = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) throw new Error('the answer has no authorization token');
  const [username, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return {
    credential: { kind: 'basic', username, password, source },
    expiresAt: data?.expiresAt?.getTime() ?? Date.now() + DEFAULT_LIFETIME,
  };
}
