import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Transport } from '../transport/transport.ts';
import type { Fingerprint } from './capabilities.ts';
import { detectProvider, providerByHost } from './detect.ts';
import type { ProviderName } from './providerName.ts';

/** Of which registry the kind is wanted, and how it is asked. */
export interface RegistryKindOptions {
  /** `host[:port]` */
  readonly registry: string;
  readonly base: URL;
  readonly transport: Transport;
  /** What its answers have shown, in this run or an earlier one. */
  readonly fingerprint: Fingerprint;
  /** What the user says that it is. */
  readonly chosen: ProviderName | undefined;
}

/** What kind one registry is: the user's word, its name, what its answers have shown, or what it says when it is asked. */
export class RegistryKind {
  readonly #options: RegistryKindOptions;
  #wasAsked = false;

  constructor(options: RegistryKindOptions) {
    this.#options = options;
  }

  /** Without a request; undefined when nothing has said it. */
  get known(): ProviderName | undefined {
    return this.#certain ?? this.#options.fingerprint.current.provider;
  }

  /**
   * What it is, as far as that is known; with `detect`, what is not known is asked for, by four requests at the most.
   * @throws as {@link detectProvider} does
   */
  async find({ detect = false, ...call }: CallOptions & { readonly detect?: boolean }): Promise<ProviderName> {
    const { known } = this;
    if (known !== undefined || !detect) return known ?? 'distribution';
    return await this.#ask(call);
  }

  /**
   * Whether it is of this kind after all, although its API answers as if it were not. What an earlier run has remembered is
   * asked again, once.
   * @throws OciError CANCELLED
   */
  async isStill(name: ProviderName, call: CallOptions): Promise<boolean> {
    if (this.#certain !== undefined || this.#wasAsked) return this.known === name;
    try {
      return (await this.#ask(call)) === name;
    } catch (error) {
      if (isOciError(error, 'CANCELLED')) throw error;
      return true;
    }
  }

  get #certain(): ProviderName | undefined {
    return this.#options.chosen ?? providerByHost(this.#options.registry);
  }

  async #ask(call: CallOptions): Promise<ProviderName> {
    const { fingerprint } = this.#options;
    fingerprint.forgetProvider();
    const detected = await detectProvider(this.#options, call);
    this.#wasAsked = true;
    // Headers of its answers may have said what none of its addresses does.
    const provider = detected === 'distribution' ? (fingerprint.current.provider ?? detected) : detected;
    fingerprint.learn({ provider });
    return provider;
  }
}
