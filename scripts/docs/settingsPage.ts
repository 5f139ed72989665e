import { packageManifest } from '../../test/support/packageManifest.ts';

interface Setting {
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly items?: Setting;
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly additionalProperties?: Setting | boolean;
}

/** docs/settings.md: every setting of the extension, from package.json. */
export function settingsPage(): string {
  const settings: Readonly<Record<string, Setting>> = packageManifest.contributes.configuration.properties;
  return [
    '<!-- Made by `npm run docs` from package.json. -->',
    '# Settings',
    'Settings of scope *machine* name files of the machine where the extension runs, or weaken security: no workspace can set them.',
    ...Object.entries(settings).map(([name, setting]) => sectionOf(name, setting)),
    '',
  ].join('\n\n');
}

function sectionOf(name: string, setting: Setting): string {
  const inner = typeof setting.additionalProperties === 'object' ? setting.additionalProperties : setting.items;
  const members = Object.entries(inner?.properties ?? setting.properties ?? {});
  const rows = members.map(([member, of]) => `| \`${member}\` | ${[textOf(of), ...choicesOf(of)].join('<br>')} |`);
  const table = ['| Member | |', '|---|---|', ...rows].join('\n');
  const choices = [...choicesOf(setting), ...(inner === undefined ? [] : choicesOf(inner))];
  return [
    `## ${name}`,
    textOf(setting),
    ...(choices.length === 0 ? [] : [choices.map((choice) => `- ${choice}`).join('\n')]),
    ...(rows.length === 0 ? [] : [table]),
    `Default: \`${JSON.stringify(setting.default)}\`. Scope: ${setting.scope ?? 'window'}.`,
  ].join('\n\n');
}

/** VS Code makes links of settings that are written as `#name#`. */
function textOf({ markdownDescription, description = '' }: Setting): string {
  return (markdownDescription ?? description).replaceAll(/`#([^`#]+)#`/g, '`$1`').replaceAll('|', '\\|');
}

function choicesOf({ enum: values = [], enumDescriptions, markdownEnumDescriptions }: Setting): readonly string[] {
  const texts = markdownEnumDescriptions ?? enumDescriptions ?? [];
  return values.map((value, index) => `\`${value}\`${texts[index] === undefined ? '' : `: ${texts[index]}`}`);
}
