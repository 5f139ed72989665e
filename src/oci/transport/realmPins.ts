import { OciError } from '../errors.ts';

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
 * may be asked about, too.
 */
export interface RealmPins {
  /** The origin that secrets of this registry went to; undefined before the first time. */
  find(registry: string): Promise<string | undefined>;
  /** Called each time that a secret was accepted there. */
  remember(registry: string, origin: string): Promise<void>;
  /**
   * Whether secrets may go to an origin that is neither the registry's own nor the one they went to.
   * Default: {@link isTrustedFirst}.
   */
  allows?(change: RealmChange): Promise<boolean>;
}

/**
 * Whether a token server may be trusted the first time, with nobody to ask: what goes there by http, to another place than
 * the registry itself, can be read on the way and changed, and the registry that names it may be changed, too.
 */
export function isTrustedFirst({ from, to }: RealmChange): boolean {
  return from === undefined && to.startsWith('https://');
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
 * @throws OciError REALM_REFUSED naming the registry, the old and the new token server
 */
export async function checkPin(pins: RealmPins, registry: string, challengedAt: URL, realm: URL): Promise<void> {
  const to = realm.origin;
  if (to === challengedAt.origin) return;
  const from = (await pins.find(registry)) ?? KNOWN.get(registry);
  if (from === to) return;
  const change: RealmChange = { registry, from, to };
  if (await (pins.allows?.(change) ?? isTrustedFirst(change))) return;
  const why =
    from === undefined ? 'nobody has allowed that it gets the credential' : `the credential belongs to ${from}`;
  const details = { registry, from: from ?? null, to };
  throw new OciError('REALM_REFUSED', `${registry} names the token server ${to}: ${why}`, details);
}

/**
 * Remembers where a secret was accepted, at the registry's own origin too: from there it may be led away as well. A registry
 * that uses both its own and another keeps the other.
 */
export async function keepPin(pins: RealmPins, registry: string, challengedAt: URL, realm: URL): Promise<void> {
  if (realm.origin === challengedAt.origin && (await pins.find(registry)) !== undefined) return;
  await pins.remember(registry, realm.origin);
}
