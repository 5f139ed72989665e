import { type Disposable, l10n, StatusBarAlignment, ThemeColor, Uri, window, workspace } from 'vscode';
import { type HttpRecording, version } from '../../oci/index.ts';
import { setContextKey } from '../contextKeys.ts';

/** What recording works with. */
export interface RecordParts {
  readonly recorder: Recorder;
}

/** Starts and ends recordings of the HTTP exchange, and shows in the status bar that one runs. */
export class Recorder implements Disposable {
  readonly #recording: HttpRecording;
  readonly #item = window.createStatusBarItem('floeOci.recording', StatusBarAlignment.Left);

  constructor(recording: HttpRecording) {
    this.#recording = recording;
    this.#item.name = l10n.t('Floe OCI: Recording');
    this.#item.text = `$(record) ${l10n.t('Recording registry traffic')}`;
    this.#item.tooltip = l10n.t('Click to stop, and to save what was recorded.');
    this.#item.command = 'floeOci.stopRecording';
    Object.assign(this.#item, { backgroundColor: new ThemeColor('statusBarItem.warningBackground') });
  }

  /** From now on. What another recording has that still runs goes on in it. */
  start(): void {
    if (this.#recording.isRunning) return;
    this.#recording.start();
    this.#show(true);
  }

  /** What was recorded, as HAR; undefined when nothing ran. */
  stop(): { readonly text: string; readonly count: number } | undefined {
    if (!this.#recording.isRunning) return undefined;
    this.#recording.stop();
    this.#show(false);
    return { text: this.#recording.toHar(version), count: this.#recording.count };
  }

  #show(isRunning: boolean): void {
    setContextKey('floeOci.recording', isRunning);
    if (isRunning) this.#item.show();
    else this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Records what is sent to registries and what they answer, redacted, until it is stopped. */
export function recordTraffic({ recorder }: RecordParts): void {
  recorder.start();
}

/** Ends the recording, and writes it where the user says. */
export async function stopRecording({ recorder }: RecordParts): Promise<void> {
  const recorded = recorder.stop();
  if (recorded === undefined) return void window.showInformationMessage(l10n.t('Nothing is being recorded.'));
  const file = await askFile();
  if (file === undefined) return;
  await workspace.fs.writeFile(file, new TextEncoder().encode(recorded.text));
  const open = l10n.t('Open');
  const said = l10n.t(
    '{0} requests recorded, without credentials. Annotations of manifests are in it: look it over before it goes to anybody.',
    recorded.count,
  );
  if ((await window.showInformationMessage(said, open)) === open) await window.showTextDocument(file);
}

/** Undefined when the user lets what was recorded go. */
async function askFile(): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
  const save = l10n.t('Save…');
  for (;;) {
    const file = await window.showSaveDialog({
      title: l10n.t('Save the Recording'),
      defaultUri: Uri.joinPath(folder, 'floe-oci.har'),
      filters: { HAR: ['har'] },
    });
    if (file !== undefined) return file;
    // Leaving a dialog is quickly done, and what was recorded may not happen again.
    const answer = await window.showWarningMessage(l10n.t('The recording was not saved.'), save);
    if (answer !== save) return undefined;
  }
}
