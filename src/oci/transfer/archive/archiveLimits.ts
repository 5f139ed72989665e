import { OciError } from '../../errors.ts';

/** How much we are willing to unpack: a few kilobytes of archive can stand for terabytes of files. */
export interface ArchiveLimits {
  /** Bytes of one uncompressed archive for each byte of its layer. */
  readonly ratio: number;
  /** Bytes that an archive may have whatever its ratio. */
  readonly ratioFrom: number;
  /** Bytes of all uncompressed archives of an artifact together. */
  readonly bytes: number;
  /** Files, folders and links of all archives of an artifact together. */
  readonly entries: number;
  /** Characters of all their names together. */
  readonly nameCharacters: number;
}

/** What honest archives stay below, and bombs do not. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  // Logs and JSON shrink to a fiftieth at best; bombs of gzip reach 1000.
  ratio: 200,
  // What any machine can take, so that small folders of zeros pass.
  ratioFrom: 256 * 1024 * 1024,
  // Several of the largest models; beyond, it is no folder that somebody pulls by hand.
  bytes: 256 * 1024 * 1024 * 1024,
  // A large node_modules has 100,000.
  entries: 250_000,
  // Names are held in memory until all is there.
  nameCharacters: 64 * 1024 * 1024,
};

/** What is left of the limits while one artifact is unpacked. Errors name the archive and the entry. */
export class ArchiveBudget {
  readonly limits: ArchiveLimits;
  #bytes = 0;
  #entries = 0;
  #nameCharacters = 0;

  constructor(limits: ArchiveLimits = ARCHIVE_LIMITS) {
    this.limits = limits;
  }

  /** @throws OciError LIMIT_EXCEEDED */
  takeBytes(count: number, entry: string): void {
    this.#bytes += count;
    check(`bytes unpacked, reached in ${JSON.stringify(entry)}`, this.#bytes, this.limits.bytes);
  }

  /** @throws OciError LIMIT_EXCEEDED */
  takeEntry(name: string): void {
    this.#entries += 1;
    this.#nameCharacters += name.length;
    check(`entries unpacked, reached at ${JSON.stringify(name)}`, this.#entries, this.limits.entries);
    check('characters in names of entries', this.#nameCharacters, this.limits.nameCharacters);
  }

  /**
   * Holds one archive against its layer.
   * @param layerSize bytes of the layer
   * @param size bytes of the uncompressed archive so far
   * @throws OciError LIMIT_EXCEEDED
   */
  checkRatio(layerSize: number, size: number, entry: string): void {
    const limit = Math.max(this.limits.ratioFrom, layerSize * this.limits.ratio);
    check(`bytes unpacked from a layer of ${layerSize}, reached in ${JSON.stringify(entry)}`, size, limit);
  }
}

function check(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new OciError('LIMIT_EXCEEDED', `more than ${limit} ${what}`, { what, limit });
}
