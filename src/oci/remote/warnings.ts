import type { Logger } from '../telemetry/logger.ts';
import { quotable } from '../transport/redact.ts';
import type { HttpResponse } from '../transport/transport.ts';

/** A registry with more to say than this is not worth listening to. */
const MAX_WARNINGS = 100;

/**
 * What a registry warns of (a deprecation, a quota), logged once each.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings
 */
export class Warnings {
  readonly #registry: string;
  readonly #logger: Logger;
  readonly #known = new Set<string>();

  constructor(registry: string, logger: Logger) {
    this.#registry = registry;
    this.#logger = logger;
  }

  note(response: HttpResponse): void {
    for (const warning of warningsOf(response.headers.get('warning') ?? '')) {
      if (this.#known.has(warning) || this.#known.size >= MAX_WARNINGS) continue;
      this.#known.add(warning);
      this.#logger.warn('registry_warning', { registry: this.#registry, warning });
    }
  }
}

/** The texts in `299 - "text"`, of which there may be several; other warn codes are not the registry's. */
function warningsOf(header: string): readonly string[] {
  return [...header.matchAll(/(?:^|,\s*)299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
    quotable(text.replace(/\\(.)/g, '$1')),
  );
}
