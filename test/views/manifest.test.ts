import { describe, expect, it } from 'vitest';
import { DEFAULT_TAG_PATTERNS } from '../../src/floe/tagPolicy.ts';
import { COMMAND_IDS } from '../../src/views/commandIds.ts';
import { SIGN_IN_CHOICES } from '../../src/views/credentials/signInChoice.ts';
import { Settings } from '../../src/views/settings.ts';
import { keysIn, packageManifest as manifest, packageTexts, rawPackageManifest } from '../support/packageManifest.ts';
import { configuration } from '../support/vscode.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
interface Setting {
  readonly default: unknown;
  readonly scope: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly items?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: {
    readonly properties?: Readonly<Record<string, { readonly enum?: unknown; readonly enumDescriptions?: unknown }>>;
  };
}

const contributes: {
  readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
  readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
  readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
} = manifest.contributes;
const declared = contributes.commands.map(({ command }) => command);
const settings = contributes.configuration.properties;

describe('the texts of package.json', () => {
  it('are all in package.nls.json, and nothing else is', () => {
    expect([...new Set(keysIn(rawPackageManifest))].sort()).toEqual(Object.keys(packageTexts).sort());
  });
});

describe('the commands of package.json', () => {
  it('are those that the extension registers', () => {
    const registered = [...COMMAND_IDS.map((id) => `floeOci.${id}`), 'floeOci.showLog'];
    expect([...declared].sort()).toEqual(registered.sort());
  });

  it('are all in our category', () => {
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(new Set(['Floe OCI']));
  });

  it('are the only ones in menus and welcome texts', () => {
    const inMenus = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    const inTexts = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(floeOci\.\w+)/g)].map(([, command]) => command),
    );
    expect([...inMenus, ...inTexts].filter((command) => !declared.includes(command ?? ''))).toEqual([]);
  });

  it('are hidden from the palette where they only make sense on a row', () => {
    const hidden = contributes.menus['commandPalette']?.filter(({ when }) => when === 'false');
    expect(hidden?.map(({ command }) => command)).toEqual([
      'floeOci.loadMore',
      'floeOci.retry',
      'floeOci.refreshRow',
      'floeOci.pushHere',
      'floeOci.connectNamedRegistry',
      'floeOci.setSecret',
      'floeOci.readLayer',
    ]);
  });
});

describe('the settings of package.json', () => {
  it('have the defaults that the code has', () => {
    configuration.clear();
    const read = new Settings();
    expect(settings['floeOci.tree.pageSize']?.default).toBe(read.pageSize);
    expect(settings['floeOci.transfer.concurrency']?.default).toBe(read.concurrency);
    expect(settings['floeOci.network.client']?.default).toBe(read.networkClient);
    expect(settings['floeOci.registries']?.default).toEqual(read.registries);
    expect(settings['floeOci.registryOptions']?.default).toEqual({});
    expect(settings['floeOci.otel.enabled']?.default).toBe(read.otel.enabled);
    expect(settings['floeOci.otel.traceHosts']?.default).toEqual(read.otel.traceHosts);
    expect(settings['floeOci.tags.immutablePatterns']?.default).toEqual(DEFAULT_TAG_PATTERNS.immutable);
    expect(settings['floeOci.tags.mutablePatterns']?.default).toEqual(DEFAULT_TAG_PATTERNS.mutable);
    expect(read.tagPatterns).toEqual(DEFAULT_TAG_PATTERNS);
    const sources = settings['floeOci.credentials.sources'];
    expect(sources?.default).toEqual(read.credentialSources);
    expect(sources?.items?.enum).toEqual(read.credentialSources);
    const auth = settings['floeOci.registryOptions']?.additionalProperties?.properties?.['auth'];
    expect(auth?.enum).toEqual(SIGN_IN_CHOICES);
    expect(auth?.enumDescriptions).toHaveLength(SIGN_IN_CHOICES.length);
  });

  it('each say what they are', () => {
    const silent = Object.entries(settings).filter(([, { description, markdownDescription }]) => {
      return (description ?? markdownDescription ?? '') === '';
    });
    expect(silent).toEqual([]);
  });

  it('that name files or weaken security belong to the machine, and no workspace sets them before it is trusted', () => {
    expect(settings['floeOci.registryOptions']?.scope).toBe('machine');
    expect(settings['floeOci.network.client']?.scope).toBe('machine');
    expect(settings['floeOci.cache.path']?.scope).toBe('machine');
    for (const name of ['enabled', 'endpoint', 'protocol', 'traceHosts']) {
      expect(settings[`floeOci.otel.${name}`]?.scope).toBe('machine');
    }
    // One folder, which all windows share, has one size.
    expect(settings['floeOci.cache.maxSizeGb']?.scope).toBe('machine');
    expect(settings['floeOci.credentials.sources']?.scope).toBe('machine');
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations).toEqual(
      expect.arrayContaining([
        'floeOci.registries',
        'floeOci.registryOptions',
        'floeOci.credentials.sources',
        'floeOci.network.client',
        'floeOci.cache.path',
      ]),
    );
  });
});

it('nothing activates at start-up', () => {
  expect(manifest.activationEvents).toEqual([
    'onFileSystem:oci',
    'onFileSystem:oci-layout',
    'onUri',
    'workspaceContains:manifest.yaml',
  ]);
});
