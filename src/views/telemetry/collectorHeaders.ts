import type { SecretStorage } from 'vscode';
import { exportSettingsFrom } from '../../oci/index.ts';

/** Begins the keys of the entries: a collector's headers belong to its origin, and are sent to no other. */
const PREFIX = 'floeOci.collectorHeaders.v1:';

/** What a collector wants to be shown, in the secret storage: `NAME=VALUE,…`, as OpenTelemetry's variable has it. */
export class CollectorHeaders {
  readonly #secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>;

  constructor(secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>) {
    this.#secrets = secrets;
  }

  /** Undefined where there are none, or none can be read. @param origin `https://HOST[:PORT]` */
  async find(origin: string): Promise<string | undefined> {
    return (await this.#secrets.get(PREFIX + origin)) || undefined;
  }

  /** Empty takes them away. */
  async save(origin: string, headers: string): Promise<void> {
    if (headers === '') await this.#secrets.delete(PREFIX + origin);
    else await this.#secrets.store(PREFIX + origin, headers);
  }
}

/** Whether a key of SecretStorage is about the headers for a collector. */
export function isCollectorHeaders(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** Whether a text says headers in the way of the variable; an empty one says none. */
export function areHeaders(text: string): boolean {
  const { problems } = exportSettingsFrom({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost',
    OTEL_EXPORTER_OTLP_HEADERS: text,
  });
  return problems.length === 0;
}
