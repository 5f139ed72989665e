import { foldName, unsafePath } from './safePath.ts';

interface Claim {
  readonly spelling: string;
  /** What the file is; undefined for a folder. */
  readonly content: string | undefined;
  readonly title: string;
}

/** The names that the files of an artifact take in a folder: each once, on whatever file system. */
export class Names {
  readonly #claims = new Map<string, Claim>();

  /**
   * Takes the name of a file, and those of the folders it is in. `content` says what the file is: two of the same name
   * and content are one.
   * @param title what errors call it
   * @returns false when the name was taken already for the very same
   * @throws OciError UNSAFE_PATH when it takes the place of something else
   */
  takeFile(segments: readonly string[], content: string, title: string = segments.join('/')): boolean {
    this.takeFolder(segments.slice(0, -1), title);
    return this.#take({ spelling: segments.join('/'), content, title });
  }

  /** The same for a folder, which may be named any number of times. */
  takeFolder(segments: readonly string[], title: string = segments.join('/')): void {
    for (let end = 1; end <= segments.length; end++) {
      this.#take({ spelling: segments.slice(0, end).join('/'), content: undefined, title });
    }
  }

  #take(claim: Claim): boolean {
    const key = foldName(claim.spelling);
    const other = this.#claims.get(key);
    if (other === undefined) {
      this.#claims.set(key, claim);
      return true;
    }
    if (other.spelling === claim.spelling && other.content === claim.content) return false;
    throw unsafePath(claim.title, `takes the place of ${JSON.stringify(other.title)}`);
  }
}
