import type { Disposable } from 'vscode';
import { ActivityView } from '../activity/activityView.ts';
import { ArtifactLooks } from '../artifactLooks.ts';
import { CacheView } from '../cache/cacheView.ts';
import { LayerConsent } from '../layerConsent.ts';
import type { Place } from '../places.ts';
import { SeenTags } from '../seenTags.ts';
import { tagPolicyOf } from '../tagPolicyOf.ts';
import type { Observability } from '../telemetry/observability.ts';
import { namedNode } from '../tree/namedNode.ts';
import { TagViews } from '../tree/tagViews.ts';
import { Trees } from '../trees.ts';
import type { RegistryAccess } from './registryAccess.ts';
import type { WorkbenchOptions } from './workbenchOptions.ts';

/** What the views show things of. */
export interface WindowViewsParts {
  readonly access: RegistryAccess;
  readonly local: Place;
  readonly observability: Observability;
  readonly logError: (action: string, error: unknown) => void;
}

/** What is shown in the four views of the sidebar. */
export class WindowViews implements Disposable {
  readonly trees: Trees;
  readonly cacheView: CacheView;
  readonly activityView: ActivityView;
  /** How artifacts show. */
  readonly looks: ArtifactLooks;
  /** Which large layers the user lets us read. */
  readonly consent = new LayerConsent();
  /** Where tags led when they were in view. */
  readonly seen: SeenTags;

  constructor(options: WorkbenchOptions, { access, local, observability, logError }: WindowViewsParts) {
    const { settings, state, workspaceState, contributions, decorations } = options;
    const { registriesView, localView, cacheView, activityView } = options;
    const { registries, manifests, caches } = access;
    this.looks = new ArtifactLooks(() => contributions.renderers, observability.logger);
    this.seen = new SeenTags(state, observability.logger);
    this.trees = new Trees({
      registries: {
        ...registriesView,
        places: () => registries.all(),
        named: () => [...manifests.waiting, ...manifests.broken].map(namedNode),
      },
      local: { ...localView, place: local },
      pageSize: () => settings.pageSize,
      looks: this.looks,
      isProtected: (tag) => tagPolicyOf(settings).isProtected(tag),
      views: new TagViews({ state: workspaceState, logger: observability.logger }),
      consent: this.consent,
      seen: this.seen,
      marksChanged: decorations.changed,
      observer: observability,
      logError,
    });
    this.cacheView = new CacheView({ view: cacheView, caches, logError });
    this.activityView = new ActivityView({ view: activityView, activity: observability.activity });
  }

  dispose(): void {
    for (const part of [this.trees, this.seen, this.cacheView, this.activityView]) part.dispose();
  }
}
