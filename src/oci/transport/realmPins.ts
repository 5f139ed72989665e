import { OciError } from '../errors.ts';
import { redactUrl } from './redact.ts';

/** Where the secrets of a registry went so far, and where they would go now. */
export interface RealmChange {
  /** `host[:port]` */
  readonly registry: string;
  /** Origins of token servers: `https://auth.example`. `from` is undefined the first time. */
  readonly from: string | undefined;
  readonly to: string;
}

/**
 * The token server that each registry sends our secrets to. A registry that was taken over, or a proxy before it, could
 * name another one; so a change is not followed unless somebody allows it. Where there is somebody to ask, the first one
 * is asked about, too, unless it is known to belong to the registry.
 */
export interface RealmPins {
  /** The origin that secrets of this registry went to; undefined before the first time. */
  find(registry: string): Promise<string | undefined>;
  /** Called after a secret was accepted there. */
  remember(registry: string, origin: string): Promise<void>;
  /** Whether secrets may go to another origin from now on; without it, they may the first time, and never to another. */
  allows?(change: RealmChange): Promise<boolean>;
}

/** Remembers as long as it lives. */
export function memoryPins(): RealmPins {
  const origins = new Map<string, string>();
  return {
    find: async (registry) => origins.get(registry),
    remember: async (registry, origin) => {
      origins.set(registry, origin);
    },
  };
}

/** Registries whose token server is known to be on another host. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'https://auth.docker.io'],
  ['registry.gitlab.com', 'https://gitlab.com'],
]);

/**
 * Checks that a secret may go to the token server that a challenge names: one on the registry's own origin, or the one
 * that got it before. Anonymous requests need no check.
 * @throws OciError REDIRECT_REFUSED naming the registry, the old and the new token server
 */
export async function checkPin(pins: RealmPins, registry: string, challengedAt: URL, realm: URL): Promise<void> {
  if (realm.origin === challengedAt.origin) return;
  const from = (await pins.find(registry)) ?? KNOWN.get(registry);
  if (from === realm.origin || (from === undefined && pins.allows === undefined)) return;
  if (await pins.allows?.({ registry, from, to: realm.origin })) return;
  const details = {
    from: redactUrl(challengedAt),
    to: redactUrl(realm),
    reason:
      from === undefined
        ? `nobody has allowed that it gets the credential for ${registry}`
        : `the credential for ${registry} belongs to the token server ${from}`,
  };
  throw new OciError(
    'REDIRECT_REFUSED',
    `${registry} names the token server ${details.to}: ${details.reason}`,
    details,
  );
}
