/**
 * How blobs go to a registry. `monolithic`: each in one request. `chunked`: in several, for a registry, or a proxy on the way
 * to it, that does not take large requests. Either gives way to the other where the registry refuses it.
 */
export type UploadMode = 'monolithic' | 'chunked';

/** What one registry was found to do with uploads; shared by its repositories. */
export interface UploadHabits {
  mode: UploadMode;
  /** Whether it mounted when it was last asked to; unknown at first. */
  mounts?: boolean;
  /** Whether it said which digest it found of what it was sent last; unknown at first. */
  confirms?: boolean;
}
