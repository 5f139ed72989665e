import { sourceOf } from '../content/verify.ts';
import type { Digest } from '../spec/digest.ts';
import { invalidResponse, type RequestSubject } from '../transport/responseError.ts';
import type { HttpBody, HttpRequest, HttpResponse } from '../transport/transport.ts';
import { confirms } from './announcedDigest.ts';
import type { CheckedBody } from './checkedBody.ts';
import type { FetchOptions, RegistryClient } from './client.ts';
import { locationOf, withDigest } from './location.ts';

/** Milliseconds that the cancellation of a session may take: a courtesy that nobody should wait for. */
const CANCEL_LIMIT = 3000;

const BINARY = { 'content-type': 'application/octet-stream' };

/** Bytes that go into a session, and which ones of the blob they are. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * An upload that the registry has begun. Its URL is what the latest answer says: some registries sign how far it has come.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-a-blob-in-chunks
 */
export class UploadSession {
  /** Bytes that a chunk must have, unless it is the last. */
  readonly minChunk: number;
  readonly #client: RegistryClient;
  readonly #subject: RequestSubject;
  #url: URL;

  /** @throws OciError INVALID_RESPONSE, REDIRECT_REFUSED */
  constructor(client: RegistryClient, subject: RequestSubject, response: HttpResponse, request: HttpRequest) {
    this.#client = client;
    this.#subject = subject;
    this.#url = locationOf(response, request);
    this.minChunk = sizeIn(response.headers.get('oci-chunk-min-length'));
  }

  /** Sends a chunk; says how many bytes of the blob the registry then has, if it tells. */
  async append({ offset, bytes }: Chunk, options: FetchOptions): Promise<number | undefined> {
    const range = `${offset}-${offset + bytes.length - 1}`;
    const request: HttpRequest = {
      method: 'PATCH',
      url: this.#url,
      headers: { ...BINARY, 'content-range': range },
      body: bodyOf(bytes),
    };
    // ECR says 201.
    const expectation = { statuses: [201, 202, 204], subject: this.#subject };
    const response = await this.#client.exchange(request, expectation, { ...options, movesBlob: true });
    this.#move(response, request);
    return receivedIn(response);
  }

  /**
   * Ends the session: with the whole blob, or with nothing more when all of it has been sent.
   * @returns whether the registry says that this digest is that of the content
   * @throws OciError INVALID_RESPONSE when it says that it has what was not sent, DIGEST_MISMATCH when it says another digest
   */
  async finish(digest: Digest, body: CheckedBody | undefined, options: FetchOptions): Promise<boolean> {
    const url = withDigest(this.#url, digest);
    const request: HttpRequest = { method: 'PUT', url, headers: BINARY, body: body ?? bodyOf(new Uint8Array()) };
    const expectation = { statuses: [201, 204], subject: this.#subject };
    const response = await this.#client.exchange(request, expectation, { ...options, movesBlob: true });
    if (body === undefined || (await body.isComplete())) return confirms(response, request, digest);
    throw invalidResponse(response, request, 'success before the content was sent');
  }

  /** How many bytes of the blob the registry has; undefined when it does not say. */
  async received(options: FetchOptions): Promise<number | undefined> {
    const request: HttpRequest = { method: 'GET', url: this.#url };
    // The spec's answer is 204; zot and others have said 202.
    const expectation = { statuses: [200, 202, 204], subject: this.#subject };
    const response = await this.#client.exchange(request, expectation, options);
    this.#move(response, request);
    return receivedIn(response);
  }

  /** Best effort: a session that stays is the registry's to collect. */
  async cancel(): Promise<void> {
    const expectation = { statuses: [200, 202, 204], subject: this.#subject };
    const signal = AbortSignal.timeout(CANCEL_LIMIT);
    try {
      await this.#client.exchange({ method: 'DELETE', url: this.#url }, expectation, { signal });
    } catch (error) {
      this.#client.logger.debug('upload_not_cancelled', { repository: this.#subject.repository, error });
    }
  }

  #move(response: HttpResponse, request: HttpRequest): void {
    if (response.headers.has('location')) this.#url = locationOf(response, request);
  }
}

function bodyOf(bytes: Uint8Array): HttpBody {
  return { size: bytes.length, open: sourceOf(bytes) };
}

/** `0-N`: the last byte that has arrived. Registries say 0-0 before the first one too, so that counts as nothing. */
function receivedIn({ headers }: HttpResponse): number | undefined {
  const [, last] = /^(?:bytes=)?0-(\d{1,15})$/.exec(headers.get('range') ?? '') ?? [];
  if (last === undefined) return undefined;
  return last === '0' ? 0 : Number(last) + 1;
}

function sizeIn(text: string | undefined): number {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
}
