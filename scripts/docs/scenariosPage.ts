import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A sentence of what a person does, in the order in which one file does it. */
interface Step {
  readonly title: string;
  /** What the pictures of it are called, after the name of the scenario. */
  readonly pictures: readonly string[];
}

/** test/e2e/README.md: what is tried in the real editor, from the titles of its tests. */
export function scenariosPage(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  const sections = files.map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const [name = path.basename(file).split('.')[0]] = /useScenario\('([^']+)'/.exec(text)?.slice(1) ?? [];
    const rows = stepsIn(text).map(({ title, pictures }) => `| ${title} | ${pictures.join(', ')} |`);
    return `## ${name}\n\n[${file}](${file})\n\n${['| Scenario | Pictures |', '|---|---|', ...rows].join('\n')}`;
  });
  return ['<!-- Made by `npm run docs` from the titles of the tests. -->', INTRODUCTION, ...sections, ''].join('\n\n');
}

const INTRODUCTION = `# Scenarios in the real editor

Each runs in the oldest VS Code that is supported and in the newest that was tried, with the packed extension, a browser that is
clicked and typed into, and registries that really answer. \`npm test -- e2e\` runs all of them, \`npm test -- e2e browse\` those of
one file. Their pictures are in \`test-results/e2e/VERSION/\`, named after scenario and picture.

Every file has a window of its own, whose tests go on from each other in the order they stand in. A file with a failure runs once
more in a new window, and is called flaky when it passes then.

What browsers cannot show: two windows that share SecretStorage (\`test/views/credentials\` does that on a store that is shared),
a keyring that is missing, and dragging from the system's file manager.`;

/** Titles of tests with the pictures taken until the next one. */
function stepsIn(text: string): readonly Step[] {
  const marks = [...text.matchAll(/\btest\(\s*(['"])(.+?)\1\s*,|\bscreenshot\(\s*(['"])(.+?)\3/g)];
  const steps: { title: string; pictures: string[] }[] = [];
  for (const [, , title, , picture] of marks) {
    if (title !== undefined) steps.push({ title: title.replaceAll('|', '\\|'), pictures: [] });
    else if (picture !== undefined) steps.at(-1)?.pictures.push(picture);
  }
  return steps;
}
