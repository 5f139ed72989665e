import { Writable } from 'node:stream';
import type { Command, Option } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

/** docs/command-line.md: every command with its arguments and options, from their definitions. */
export function commandLinePage(): string {
  const written: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const program = createProgram({ stdout, stderr: stdout, env: {}, cwd: '/', signal: new AbortController().signal });
  const afterwards = (command: Command): string => {
    written.length = 0;
    command.outputHelp();
    const [, text = ''] = written.join('').split(command.helpInformation());
    return text.trim();
  };
  const sections = program.commands.map((command) => sectionOf(command, afterwards(command)));
  return [
    '<!-- Made by `npm run docs` from the definitions of the commands. -->',
    '# Command line',
    program.description(),
    sentences(afterwards(program)),
    '## Options of every command',
    tableOf(program.options),
    ...sections,
    '',
  ].join('\n\n');
}

function sectionOf(command: Command, afterwards: string): string {
  const name = `floe-oci ${command.name()}`;
  const operands = command.registeredArguments.map(
    (operand) => `| \`${operand.name()}\` | ${cell(operand.description)} |`,
  );
  const operandTable = ['| Operand | |', '|---|---|', ...operands].join('\n');
  const [heading, ...examples] = afterwards.split('\n');
  const isExample = heading === 'Examples:';
  return [
    `## ${command.name()}`,
    cell(command.description()),
    `\`\`\`text\n${`${name} ${command.usage()}`.replace(/\n {2,}/g, '\n')}\n\`\`\``,
    ...(operands.length > 0 ? [operandTable] : []),
    ...(command.options.length > 0 ? [tableOf(command.options)] : []),
    ...(isExample ? [`\`\`\`text\n${examples.map((line) => line.trim()).join('\n')}\n\`\`\``] : []),
    ...(!isExample && afterwards !== '' ? [sentences(afterwards)] : []),
  ].join('\n\n');
}

function tableOf(options: readonly Option[]): string {
  const rows = options
    .filter(({ hidden }) => !hidden)
    .map(({ flags, description, argChoices, defaultValue, negate }) => {
      const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
      const hasDefault = typeof defaultValue === 'string' || typeof defaultValue === 'number';
      return `| \`${flags}\` | ${cell(description)}${choices}${hasDefault && !negate ? ` (default: ${defaultValue})` : ''} |`;
    });
  return ['| Option | |', '|---|---|', ...rows].join('\n');
}

/** Lines of a paragraph as one: the terminal's width is not a page's. */
function sentences(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => cell(paragraph.replace(/\n/g, ' ')))
    .join('\n\n');
}

/** Text that Markdown leaves as it is. */
function cell(text: string): string {
  return text.replace(/[|<>*[\]]/g, '\\$&');
}
