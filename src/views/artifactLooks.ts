import type { ArtifactRenderer, ArtifactLook as GivenLook, RenderedArtifact } from '../../floe-oci.d.ts';
import { artifactKindOf } from '../floe/artifactKind.ts';
import { artifactTypeOf, type Digest, isImageIndex, type Logger, type Manifest, silentLogger } from '../oci/index.ts';
import { plainText } from './plainText.ts';
import { ARTIFACT_LOOKS } from './tree/looks.ts';

/** How an artifact shows. All texts are plain. */
export interface ArtifactLook {
  /** A codicon. */
  readonly icon: string;
  /** A word or two; absent for what is nothing particular. */
  readonly label?: string;
  /** What else there is to tell of it. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** A row and its tooltip show so many; the rest is for whoever knows the artifact. */
const MAX_FACTS = 20;
const CODICON = /^[a-z][a-z0-9-]{0,40}$/;

/** How artifacts show: as other extensions say for their types, else as we know them. */
export class ArtifactLooks {
  readonly #renderers: () => readonly ArtifactRenderer[];
  readonly #logger: Logger;
  /** Those that have failed before: a failure on each row would fill the log. */
  readonly #failed = new WeakSet<ArtifactRenderer>();

  /** @param renderers those there are now; default: none */
  constructor(renderers: () => readonly ArtifactRenderer[] = () => [], logger: Logger = silentLogger) {
    this.#renderers = renderers;
    this.#logger = logger;
  }

  of(manifest: Manifest, digest: Digest): ArtifactLook {
    const own = { ...ARTIFACT_LOOKS[artifactKindOf(manifest)], facts: [] };
    const artifactType = artifactTypeOf(manifest);
    if (artifactType === undefined) return own;
    const renderer = this.#renderers().find(({ artifactTypes }) =>
      artifactTypes.some((type) => isOfType(artifactType, type)),
    );
    const given = renderer && this.#render(renderer, renderedArtifact(manifest, digest, artifactType));
    if (given === undefined) return own;
    const label = given.label ?? own.label;
    return { icon: given.icon ?? own.icon, ...(label !== undefined && { label }), facts: given.facts };
  }

  #render(renderer: ArtifactRenderer, artifact: RenderedArtifact) {
    try {
      const given = renderer.render(artifact);
      return given === undefined || given === null ? undefined : readLook(given);
    } catch (error) {
      if (!this.#failed.has(renderer)) {
        this.#failed.add(renderer);
        const types = renderer.artifactTypes.join(' ');
        this.#logger.warn('contribution_failed', { contribution: `artifact renderer ${types}`, reason: error });
      }
      return undefined;
    }
  }
}

/** What was given, as far as it is what was asked for. @throws TypeError for facts that are no list */
function readLook({ icon, description, facts = [] }: GivenLook) {
  return {
    icon: typeof icon === 'string' && CODICON.test(icon) ? icon : undefined,
    label: typeof description === 'string' && description !== '' ? plainText(description, 40) : undefined,
    facts: facts
      .slice(0, MAX_FACTS)
      .map(({ name, value }) => [plainText(String(name), 60), plainText(String(value))] as const),
  };
}

function isOfType(artifactType: string, type: string): boolean {
  return type.endsWith('*') ? artifactType.startsWith(type.slice(0, -1)) : artifactType === type;
}

/** A copy: what is verified is changed by nobody. */
function renderedArtifact(manifest: Manifest, digest: Digest, artifactType: string): RenderedArtifact {
  const layers = isImageIndex(manifest) ? [] : manifest.layers;
  return structuredClone({ artifactType, digest, annotations: manifest.annotations ?? {}, layers });
}
