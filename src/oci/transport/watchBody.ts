import type { HttpResponse } from './transport.ts';

/** How the body of an answer can end; one of them, once. */
export interface BodyEnds {
  /** It was read to its end. */
  readonly completed: () => void;
  /** Whoever read it had enough. */
  readonly left: () => void;
  readonly failed: (error: unknown) => void;
}

/** The answer, telling how its body ends. */
export function watchBody(response: HttpResponse, ends: BodyEnds): HttpResponse {
  let isOver = false;
  const end = (tell: () => void): void => {
    if (!isOver) tell();
    isOver = true;
  };
  const iterator = (): AsyncIterator<Uint8Array> => {
    const chunks = response.body[Symbol.asyncIterator]();
    return {
      async next() {
        try {
          const result = await chunks.next();
          if (result.done) end(ends.completed);
          return result;
        } catch (error) {
          end(() => ends.failed(error));
          throw error;
        }
      },
      async return() {
        await chunks.return?.();
        end(ends.left);
        return { done: true, value: undefined };
      },
    };
  };
  const discard = (): Promise<void> => response.discard().finally(() => end(ends.left));
  return { ...response, body: { [Symbol.asyncIterator]: iterator }, discard };
}
