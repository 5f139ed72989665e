import type { FloeHooks } from '../../floe/floeHooks.ts';
import type { AddressBook } from '../addressBook.ts';
import { describeError } from '../describeError.ts';
import { StoreDocuments } from '../documents.ts';
import type { Documents } from '../ociFileSystem.ts';
import { layoutInThread, layoutWorkerIn } from '../overview/layoutInThread.ts';
import { openTarget } from '../overview/openTarget.ts';
import type { Overviews } from '../overview/overviewEditors.ts';
import { OverviewPanels } from '../overview/overviewPanels.ts';
import type { Presenter } from '../present.ts';
import type { Observability } from '../telemetry/observability.ts';
import { UnreadDocuments } from '../unreadDocuments.ts';
import type { SignIns } from './signIns.ts';
import type { WindowViews } from './windowViews.ts';
import type { WorkbenchOptions } from './workbenchOptions.ts';

/** What editors of content work with. */
export interface ContentEditorsParts extends Pick<WorkbenchOptions, 'settings' | 'extensionFolder'> {
  readonly book: AddressBook;
  readonly presenter: Presenter;
  readonly signIns: SignIns;
  readonly views: Pick<WindowViews, 'consent' | 'looks'>;
  readonly hooks: FloeHooks;
  readonly observability: Observability;
  /** Does a step that the user has asked for, and shows what goes wrong. */
  readonly step: (action: string, run: () => Promise<void>) => Promise<void>;
}

/** What is shown of content in editors: its exact bytes as documents, and overviews of manifests. */
export class ContentEditors {
  readonly documents: Documents;
  readonly overviews: Overviews;

  constructor(parts: ContentEditorsParts) {
    const { book, presenter, signIns, views, hooks, observability, step, settings, extensionFolder } = parts;
    const placeFor: AddressBook['placeOfDocument'] = (place) => book.placeOfDocument(place);
    const logError = presenter.logError.bind(presenter);
    const unread = new UnreadDocuments({ presenter, onRetry: () => signIns.allowQuestions() });
    this.documents = new StoreDocuments({
      placeFor,
      observer: observability,
      logError,
      consent: views.consent,
      onUnread: (uri, error) => void unread.offer(uri, error),
    });
    this.overviews = new OverviewPanels(
      {
        placeFor,
        concurrency: () => settings.concurrency,
        look: (manifest, digest) => views.looks.of(manifest, digest),
        hooks,
        layout: (graph, signal) => layoutInThread(layoutWorkerIn(extensionFolder), graph, { signal }),
        go: (target, subject) => step('overview', () => openTarget(target, subject)),
        repair: async (remedy, error) => {
          signIns.interruptions.allow();
          return await presenter.repair(remedy, describeError(error));
        },
        logError,
        observer: observability,
      },
      extensionFolder,
    );
  }
}
