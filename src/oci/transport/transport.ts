/** A request of one hop. Header names are lower case. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
}

/** A body of known size that can be opened again, so that a request can be repeated after a challenge or a failure. */
export interface HttpBody {
  /** Bytes. */
  readonly size: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** An answer whose headers are in; the body is read, discarded or aborted by whoever has it. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a header that came several times is joined with `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** What answered: after redirects, the last hop. */
  readonly url: URL;
  /**
   * The body as it arrives, not decompressed, once. Whoever does not read it to its end must `discard` it, or the
   * connection is not given back.
   */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** How one request is sent. */
export interface SendOptions {
  /** Ends the exchange, and the body, with CANCELLED. */
  readonly signal?: AbortSignal;
  /**
   * False when the caller repeats what the transport cannot, an upload or a body that breaks off, should it fail: the
   * failure is then not the last word on whether the registry is available. Default true.
   */
  readonly isLastAttempt?: boolean;
  /** How often the request has been sent before, for traces. Default 0. */
  readonly resendCount?: number;
  /** The content of a blob moves, which may take as long as it takes. Default false. */
  readonly movesBlob?: boolean;
  /**
   * The registry's own API answers here, which shows strangers less instead of asking who they are: a password is sent
   * without being asked for, to the registry's own origin alone. Default false.
   */
  readonly isApi?: boolean;
}

/**
 * Carries requests. Engines carry one hop; the layers above them (redirect, authorize, retry) are transports too.
 * A status is never an error here.
 * @throws OciError REGISTRY_UNAVAILABLE, TLS_FAILED, CANCELLED; and what a layer adds
 */
export interface Transport {
  send(request: HttpRequest, options?: SendOptions): Promise<HttpResponse>;
  /** Gives connections back; no request is in flight any more. */
  close(): Promise<void>;
}

/** How to reach one registry; engines take it as a whole. */
export interface ConnectionOptions {
  /** Seconds of silence tolerated before the first byte and between bytes; default 30. */
  readonly timeoutSeconds?: number;
  /**
   * Seconds that connecting may take, TLS included; default 10, or `timeoutSeconds` where that is less. The fetch of the
   * host does not tell when it is connected: there the time before the first byte covers both.
   */
  readonly connectTimeoutSeconds?: number;
  /** Seconds that one exchange may take in all, where no blob moves; default 300. */
  readonly totalTimeoutSeconds?: number;
  /** The same where a blob moves; default: any time. */
  readonly blobTimeoutSeconds?: number;
  /** PEM certificates trusted besides the usual ones. */
  readonly ca?: string;
  /** PEM certificate chain and key that identify us; both or neither. */
  readonly cert?: string;
  readonly key?: string;
  /** Accept any certificate. Still TLS, never plain HTTP. */
  readonly insecure?: boolean;
  /**
   * Host name of the registry, as in an address. Other names then must not stand for addresses of this machine, unless
   * this one does; engines that look names up themselves see to it.
   */
  readonly registryHost?: string;
}
