/** What `pull -r URI -t TAG` was asked for, in the few forms that are worth answering without the whole program. */
export interface QuickPull {
  readonly registry: string;
  readonly tag?: string;
  readonly output?: string;
  readonly cacheDir?: string;
  readonly json: boolean;
  readonly offline: boolean;
}

const WITH_VALUE: Readonly<Record<string, 'registry' | 'tag' | 'output' | 'cacheDir'>> = {
  '-r': 'registry',
  '--registry': 'registry',
  '-t': 'tag',
  '--tag': 'tag',
  '-o': 'output',
  '--output': 'output',
  '--cache-dir': 'cacheDir',
};

const WITHOUT_VALUE: Readonly<Record<string, 'json' | 'offline'>> = { '--json': 'json', '--offline': 'offline' };

/**
 * Reads a command line that has nothing but these options, each once and apart from its value. Undefined for all others,
 * right or wrong: those are for the real parser.
 */
export function parseQuickPull(argv: readonly string[]): QuickPull | undefined {
  const [command, ...rest] = argv;
  if (command !== 'pull') return undefined;
  const values: { registry?: string; tag?: string; output?: string; cacheDir?: string } = {};
  const flags = { json: false, offline: false };
  for (let at = 0; at < rest.length; at++) {
    const name = rest[at] ?? '';
    const flag = WITHOUT_VALUE[name];
    const option = WITH_VALUE[name];
    if (flag !== undefined) {
      flags[flag] = true;
    } else if (option !== undefined) {
      at += 1;
      const value = rest[at];
      if (value === undefined || value === '' || value.startsWith('-') || values[option] !== undefined)
        return undefined;
      values[option] = value;
    } else {
      return undefined;
    }
  }
  const { registry, ...others } = values;
  return registry === undefined ? undefined : { registry, ...others, ...flags };
}
