import { isSignInChoice, type SignInChoice } from './credentials/signInChoice.ts';

/** How one registry is reached: an entry of `floeOci.registryOptions`. Files are absolute paths on the extension's machine. */
export interface RegistryOptions {
  /** How it is signed in to. */
  readonly auth?: SignInChoice;
  readonly plainHttp?: boolean;
  readonly caFile?: string;
  readonly clientCertFile?: string;
  readonly clientKeyFile?: string;
  readonly insecure?: boolean;
  /** Registries that may be read in its place while it is not available: `HOST[:PORT][/PREFIX]`. */
  readonly mirrors?: readonly string[];
  /** How blobs are sent to it. */
  readonly uploadMode?: UploadMode;
  /** What kind of registry it is, where that is not what it seems to be; a `ProviderName`, or nothing that we know. */
  readonly provider?: string;
  /** Where its own API is, when that is on another host. */
  readonly apiUrl?: string;
}

/** In the words of the settings. */
export const UPLOAD_MODES = ['monolithic', 'chunked'] as const;

/** How blobs are sent, as settings name it. */
export type UploadMode = (typeof UPLOAD_MODES)[number];

/** By url as the user wrote it. What does not fit is left out. */
export function readRegistryOptions(value: unknown): ReadonlyMap<string, RegistryOptions> {
  if (!isRecord(value)) return new Map();
  const entries = Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] =>
    isRecord(entry[1]),
  );
  return new Map(
    entries.map(([url, options]) => [
      url,
      {
        ...pick(options, ['plainHttp', 'insecure'], (field) => typeof field === 'boolean'),
        ...pick(
          options,
          ['caFile', 'clientCertFile', 'clientKeyFile', 'provider', 'apiUrl'],
          (field) => typeof field === 'string',
        ),
        ...pick(options, ['uploadMode'], isUploadMode),
        ...authIn(options['auth']),
        ...(options['mirrors'] === undefined ? {} : { mirrors: strings(options['mirrors']) ?? [] }),
      },
    ]),
  );
}

/** Who mistypes a choice has not allowed what comes without one: then nothing is sent. */
function authIn(auth: unknown): Pick<RegistryOptions, 'auth'> {
  if (auth === undefined) return {};
  return { auth: isSignInChoice(auth) ? auth : 'anonymous' };
}

function pick(
  from: Record<string, unknown>,
  names: readonly string[],
  fits: (value: unknown) => boolean,
): RegistryOptions {
  return Object.fromEntries(names.filter((name) => fits(from[name])).map((name) => [name, from[name]]));
}

/** Whether it is one of those that there are. */
export function isUploadMode(value: unknown): value is UploadMode {
  return UPLOAD_MODES.some((mode) => mode === value);
}

/** The texts in a list; undefined for what is no list. */
export function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

/** An object, and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
