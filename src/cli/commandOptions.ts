import type { AnnotationOption } from './annotations.ts';
import type { ReferenceOptions } from './references.ts';

/** The options of `push`. */
export interface PushOptions extends ReferenceOptions, AnnotationOption {
  readonly artifact?: string;
  readonly provenance?: boolean;
  /** False: `--no-validate`. */
  readonly validate: boolean;
  readonly allowSecrets?: boolean;
  readonly artifactType?: string;
  /** What the files are about, in the same place. */
  readonly subject?: string;
  /** Makes the repository, where the registry wants that first. */
  readonly create?: boolean;
}

/** The options of `attach`. */
export interface AttachOptions extends ReferenceOptions, AnnotationOption {
  readonly artifactType: string;
}

/** The options of `pull`. */
export interface PullOptions extends ReferenceOptions {
  readonly output?: string;
  readonly versionConstraint?: string;
  readonly force?: boolean;
}

/** What `cache` can be asked to do. */
export const CACHE_TASKS = ['status', 'list', 'verify', 'prune', 'clear'] as const;

/** What `cache` can be told to do. */
export type CacheTask = (typeof CACHE_TASKS)[number];
