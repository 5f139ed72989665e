import { parse } from 'yaml';

/** What one fenced block of a page asks a shell to do. */
export interface CommandBlock {
  /** Line of the page that the block begins at. */
  readonly line: number;
  readonly commands: readonly string[];
}

/** A line of a block as somebody types it, or a workflow runs it. */
const COMMAND =
  /^\s*(?:\$ |- run: |- )?((?:\w+=\$\(|echo \w+ \| |npx --package floe-oci )?(?:floe-oci(?:-test-registry)?|node dist\/cli\.js) .*|kill .*)$/;

/** Blocks with commands of ours in a Markdown page, in their order. What only shows the form of a command is none. */
export function commandBlocks(page: string): readonly CommandBlock[] {
  const blocks: CommandBlock[] = [];
  for (const match of page.matchAll(/^( *)```([\w-]*)\n([\s\S]*?)^\1```$/gm)) {
    const [, , language = '', text = ''] = match;
    const line = page.slice(0, match.index).split('\n').length;
    const typed = text.split('\n').flatMap((row) => COMMAND.exec(row)?.[1] ?? []);
    const commands = [...typed, ...(language === 'yaml' ? argumentsIn(parse(text)) : [])];
    const examples = commands.filter((command) => !/\[options\]|\.\.\.|\bREF\b/.test(command));
    if (examples.length > 0) blocks.push({ line, commands: examples });
  }
  return blocks;
}

/** The command lines of containers. */
function argumentsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(argumentsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'args' && Array.isArray(inner)
      ? [`floe-oci ${inner.map((word) => `'${word}'`).join(' ')}`]
      : argumentsIn(inner),
  );
}
