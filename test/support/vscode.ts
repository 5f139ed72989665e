/**
 * The few things of the `vscode` module that the views use where no editor is needed: plain values and events. Vitest
 * resolves the module to this file. Prompts answer what a test has put into {@link answers}.
 */

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class CancellationTokenSource {
  readonly #requested = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.#requested.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.#requested.fire();
  }
  dispose(): void {
    this.#requested.dispose();
  }
}

interface UriParts {
  readonly scheme: string;
  readonly authority?: string;
  readonly path?: string;
  readonly query?: string;
}

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment = '';

  private constructor({ scheme, authority = '', path = '', query = '' }: UriParts) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
  }
  static from(parts: UriParts): Uri {
    return new Uri(parts);
  }
  static file(path: string): Uri {
    return new Uri({ scheme: 'file', path });
  }
  static parse(text: string): Uri {
    const { protocol, host, pathname, search } = new URL(text);
    const parts = { scheme: protocol.slice(0, -1), authority: host, path: decodeURIComponent(pathname) };
    return new Uri({ ...parts, query: decodeURIComponent(search.slice(1)) });
  }
  static joinPath(base: Uri, ...parts: readonly string[]): Uri {
    return new Uri({ ...base, path: [base.path.replace(/\/$/, ''), ...parts].join('/') });
  }
  get fsPath(): string {
    return this.path;
  }
  toString(skipEncoding = false): string {
    const encode = skipEncoding ? (text: string) => text : encodeURIComponent;
    const path = this.path.split('/').map(encode).join('/');
    return `${this.scheme}://${this.authority}${path}${this.query === '' ? '' : `?${encode(this.query)}`}`;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: unknown;
  constructor(id: string, color?: unknown) {
    this.id = id;
    this.color = color;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class FileDecoration {
  readonly badge: string | undefined;
  readonly tooltip: string | undefined;
  readonly color: ThemeColor | undefined;
  constructor(badge?: string, tooltip?: string, color?: ThemeColor) {
    this.badge = badge;
    this.tooltip = tooltip;
    this.color = color;
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;

/** Escapes as VS Code does. */
export class MarkdownString {
  value: string;
  isTrusted?: boolean | { readonly enabledCommands: readonly string[] };
  constructor(value = '') {
    this.value = value;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&').replace(/</g, '&lt;');
    return this;
  }
}

export class FileSystemError extends Error {
  readonly code: string;
  private constructor(code: string, message: unknown) {
    super(String(message));
    this.code = code;
  }
  static FileNotFound = (message: unknown): FileSystemError => new FileSystemError('FileNotFound', message);
  static NoPermissions = (message: unknown): FileSystemError => new FileSystemError('NoPermissions', message);
  static Unavailable = (message: unknown): FileSystemError => new FileSystemError('Unavailable', message);
}

export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 } as const;
export const FilePermission = { Readonly: 1 } as const;
export const ConfigurationTarget = { Global: 1, Workspace: 2 } as const;
export const ProgressLocation = { Notification: 15 } as const;

export class DataTransferItem {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  async asString(): Promise<string> {
    return String(this.value);
  }
}

/** The settings, by full name. */
export const configuration = new Map<string, unknown>();
const configurationChanged = new EventEmitter<{ affectsConfiguration(section: string): boolean }>();

/** The workspace: its folders, what is in them by path, and whether the user trusts it. */
export const folders = {
  isTrusted: true,
  open: [] as { readonly uri: Uri; readonly name: string }[],
  files: new Map<string, string>(),
  /** Folders without a file in them. */
  made: new Set<string>(),
  /** Paths that are symbolic links. */
  links: new Set<string>(),
  changed: new EventEmitter<void>(),
  written: new EventEmitter<Uri>(),
  saved: new EventEmitter<{ readonly uri: Uri }>(),
  /** Writes a file, or removes it, as any program may. */
  write(path: string, text: string | undefined): void {
    if (text === undefined) folders.files.delete(path);
    else folders.files.set(path, text);
    folders.written.fire(Uri.file(path));
  },
};

export const workspace = {
  getConfiguration: (section: string) => ({
    get: (name: string) => configuration.get(`${section}.${name}`),
    inspect: (name: string) => ({ globalValue: configuration.get(`${section}.${name}`) }),
    update: async (name: string, value: unknown) => {
      configuration.set(`${section}.${name}`, value);
      const changed = `${section}.${name}`;
      configurationChanged.fire({
        affectsConfiguration: (asked) => changed === asked || changed.startsWith(`${asked}.`),
      });
    },
  }),
  onDidChangeConfiguration: configurationChanged.event,
  get isTrusted() {
    return folders.isTrusted;
  },
  get workspaceFolders() {
    return folders.open;
  },
  asRelativePath: ({ path }: Uri) => {
    const folder = folders.open.find(({ uri }) => path.startsWith(`${uri.path}/`));
    return folder === undefined ? path : path.slice(folder.uri.path.length + 1);
  },
  getWorkspaceFolder: ({ path }: Uri) => folders.open.find(({ uri }) => `${path}/`.startsWith(`${uri.path}/`)),
  onDidChangeWorkspaceFolders: folders.changed.event,
  onDidSaveTextDocument: folders.saved.event,
  createFileSystemWatcher: ({ base }: RelativePattern) => {
    const about = (uri: Uri): boolean => uri.path.startsWith(`${base.uri.path}/`);
    const on = (listener: (uri: Uri) => unknown) => folders.written.event((uri) => about(uri) && listener(uri));
    return { onDidCreate: on, onDidChange: on, onDidDelete: on, dispose: () => {} };
  },
  fs: {
    stat: async (uri: Uri) => ({ type: typeAt(uri), size: bytesAt(uri).length }),
    readFile: async (uri: Uri) => bytesAt(uri),
    writeFile: async (uri: Uri, bytes: Uint8Array) => folders.write(uri.path, new TextDecoder().decode(bytes)),
    createDirectory: async (uri: Uri) => void folders.made.add(uri.path),
    isWritableFileSystem: (scheme: string) => scheme === 'file',
  },
};

export class RelativePattern {
  readonly base: { readonly uri: Uri };
  readonly pattern: string;
  constructor(base: { readonly uri: Uri }, pattern: string) {
    this.base = base;
    this.pattern = pattern;
  }
}

function typeAt({ path }: Uri): number {
  const link = folders.links.has(path) ? FileType.SymbolicLink : 0;
  return link | (folders.files.has(path) ? FileType.File : FileType.Directory);
}

function isFolder(path: string): boolean {
  const isAbove = (file: string): boolean => file.startsWith(`${path}/`);
  return (
    folders.made.has(path) || folders.open.some(({ uri }) => uri.path === path) || folders.files.keys().some(isAbove)
  );
}

function bytesAt(uri: Uri): Uint8Array {
  const text = folders.files.get(uri.path) ?? (isFolder(uri.path) ? '' : undefined);
  if (text === undefined) throw FileSystemError.FileNotFound(uri);
  return new TextEncoder().encode(text);
}

/**
 * What prompts answer, in order; none left means that the user leaves the prompt. `asked` is what they said. A list is
 * answered with the label of a row, an input box with a text, or with `button:` and the label of its button.
 */
export const answers: (string | undefined)[] = [];
export const asked: string[] = [];

async function answer(question: string): Promise<string | undefined> {
  asked.push(question);
  return answers.shift();
}

/** An input box that a person answers, again while what is typed is wrong. */
class InputBox {
  prompt = '';
  value = '';
  validationMessage: string | undefined;
  buttons: readonly { readonly tooltip: string }[] = [];
  readonly #changed = new EventEmitter<string>();
  readonly #accepted = new EventEmitter<void>();
  readonly #triggered = new EventEmitter<{ readonly tooltip: string }>();
  readonly #hidden = new EventEmitter<void>();
  readonly onDidChangeValue = this.#changed.event;
  readonly onDidAccept = this.#accepted.event;
  readonly onDidTriggerButton = this.#triggered.event;
  readonly onDidHide = this.#hidden.event;
  #isOpen = false;

  show(): void {
    this.#isOpen = true;
    void this.#beAnswered();
  }
  hide(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#hidden.fire();
  }
  dispose(): void {
    this.#isOpen = false;
  }

  async #beAnswered(): Promise<void> {
    while (this.#isOpen) {
      const text = await answer(this.validationMessage ?? this.prompt);
      const button = this.buttons.find(({ tooltip }) => text === `button:${tooltip}`);
      if (text === undefined) this.hide();
      else if (button !== undefined) this.#triggered.fire(button);
      else this.#type(text);
    }
  }

  #type(text: string): void {
    this.value = text;
    this.#changed.fire(text);
    this.#accepted.fire();
  }
}

interface Row {
  readonly label: string;
}

async function pick(rows: readonly Row[], { placeHolder = '' }: { placeHolder?: string } = {}) {
  const label = await answer(placeHolder);
  return rows.find((row) => row.label === label);
}

export const window = {
  showErrorMessage: answer,
  showInformationMessage: answer,
  showWarningMessage: answer,
  showInputBox: ({ prompt = '' }: { prompt?: string }) => answer(prompt),
  showQuickPick: pick,
  /** Answered with the path of a file or folder. */
  showOpenDialog: async ({ title = '' }: { title?: string }) => {
    const path = await answer(title);
    return path === undefined ? undefined : [Uri.file(path)];
  },
  showSaveDialog: async ({ title = '' }: { title?: string }) => {
    const path = await answer(title);
    return path === undefined ? undefined : Uri.file(path);
  },
  createInputBox: () => new InputBox(),
  setStatusBarMessage: () => ({ dispose: () => {} }),
  createStatusBarItem: () => ({ text: '', show: () => {}, hide: () => {}, dispose: () => {} }),
  withProgress: (_options: object, task: (progress: object, token: object) => unknown) =>
    task(
      { report: () => {} },
      { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) },
    ),
};

export const StatusBarAlignment = { Left: 1, Right: 2 } as const;

/** What was executed, as `setContext floeOci.connected true`. */
export const executed: string[] = [];

export const commands = {
  executeCommand: async (...command: readonly unknown[]): Promise<void> => void executed.push(command.join(' ')),
};

/** What the editor says of itself; whether its own telemetry is on can be changed, by {@link setTelemetry}. */
export const env = {
  appName: 'Editor of the tests',
  language: 'en',
  remoteName: undefined,
  uiKind: 1,
  isTelemetryEnabled: true,
  onDidChangeTelemetryEnabled: (listener: (isEnabled: boolean) => unknown) => telemetryChanged.event(listener),
};
const telemetryChanged = new EventEmitter<boolean>();

export function setTelemetry(isEnabled: boolean): void {
  env.isTelemetryEnabled = isEnabled;
  telemetryChanged.fire(isEnabled);
}

export const UIKind = { Desktop: 1, Web: 2 } as const;
export const version = '1.106.0';

/** A session of an account that VS Code manages. */
interface Session {
  readonly accessToken: string;
  readonly account: { readonly label: string };
}

/** The accounts of the editor: sessions by provider and scopes, `github read:packages`. */
export const accounts = {
  sessions: new Map<string, Session>(),
  /** What a person who is asked agrees to; undefined when they do not. */
  agreesTo: undefined as Session | undefined,
  /** Whether there is such a provider. */
  exist: true,
  /** How sessions were asked for: `silent github read:packages`. */
  asked: [] as string[],
  changed: new EventEmitter<{ readonly provider: { readonly id: string } }>(),
};

export const authentication = {
  onDidChangeSessions: accounts.changed.event,
  getSession: async (provider: string, scopes: readonly string[], options: { readonly silent?: boolean }) => {
    const key = `${provider} ${scopes.join(' ')}`;
    accounts.asked.push(`${options.silent ? 'silent' : 'create'} ${key}`);
    if (!accounts.exist) throw new Error('Timed out waiting for authentication provider');
    const known = accounts.sessions.get(key);
    if (known !== undefined || options.silent) return known;
    if (accounts.agreesTo === undefined) throw new Error('User did not consent to login.');
    accounts.sessions.set(key, accounts.agreesTo);
    return accounts.agreesTo;
  },
};

/** English: texts as they are written, with their values. */
export const l10n = {
  t(message: string, ...values: readonly unknown[]): string {
    const [first] = values;
    const named = typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : values;
    return message.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const value = (named as Readonly<Record<string, unknown>>)[key];
      return value === undefined ? whole : String(value);
    });
  },
};

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: unknown;
  readonly end: unknown;
  constructor(start: unknown, end: unknown) {
    this.start = start;
    this.end = end;
  }
}

export class DocumentLink {
  readonly range: Range;
  readonly target: Uri;
  tooltip?: string;
  constructor(range: Range, target: Uri) {
    this.range = range;
    this.target = target;
  }
}

export class Hover {
  readonly contents: readonly MarkdownString[];
  readonly range: Range;
  constructor(contents: MarkdownString, range: Range) {
    this.contents = [contents];
    this.range = range;
  }
}

export class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

export class LanguageModelToolResult {
  readonly content: readonly LanguageModelTextPart[];
  constructor(content: readonly LanguageModelTextPart[]) {
    this.content = content;
  }
}

/** An editor that was just started: nothing set, opened, answered or listened to. */
export function startAnew(): void {
  for (const emitter of [configurationChanged, telemetryChanged, accounts.changed]) emitter.dispose();
  for (const emitter of [folders.changed, folders.written, folders.saved]) emitter.dispose();
  for (const kept of [configuration, folders.files, folders.made, folders.links, accounts.sessions]) kept.clear();
  for (const list of [answers, asked, executed, accounts.asked]) list.length = 0;
  folders.open = [];
  folders.isTrusted = true;
  accounts.agreesTo = undefined;
  accounts.exist = true;
  env.isTelemetryEnabled = true;
}
