import { OciError } from '../errors.ts';
import { isLoopbackRegistry, parseRegistryHost } from '../spec/reference.ts';
import type { ProviderName } from './providerName.ts';

/** Where self-managed installations have it, for messages. */
const ACCEPTED =
  'the https URL that the API begins with, such as https://gitlab.example.com/api/v4 or https://github.example.com/api/v3';

/**
 * Where a registry's own API is, as whoever runs it has told the user. The registry's credential goes there too: see ADR 23.
 * @param argument the name of what was given, for messages
 * @returns with a slash at its end, so that paths are resolved against it
 * @throws OciError INVALID_ARGUMENT for what is no https URL, or http on another host than this one
 */
export function parseApiUrl(text: string, argument: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === undefined || !isPlain || !(url.protocol === 'https:' || isOnLoopback(url))) {
    // What has a password in it is not repeated.
    const value = url === undefined || isPlain ? text : `${url.protocol}//${url.host}/…`;
    throw new OciError('INVALID_ARGUMENT', `${argument} ${value} is not where an API can be`, {
      argument,
      value,
      accepted: ACCEPTED,
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** As what the API of such a registry takes the registry's password. */
export function apiSignIn(provider: ProviderName | undefined): 'token' | 'password' {
  return provider === 'gitlab' || provider === 'ghcr' || provider === 'gar' ? 'token' : 'password';
}

function isOnLoopback({ protocol, host }: URL): boolean {
  return protocol === 'http:' && isLoopbackRegistry(parseRegistryHost(host));
}
