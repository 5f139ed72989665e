import { isRepositoryName } from '../oci/index.ts';

const ALL_BELOW = '/*';

/** Whether a text stands for all repositories of a project, namespace or owner: `PROJECT/*`. */
export function isProject(text: string): boolean {
  return text.endsWith(ALL_BELOW) && isRepositoryName(projectOf(text));
}

/** Its name. */
export function projectOf(text: string): string {
  return text.slice(0, -ALL_BELOW.length);
}

/** As the setting has it. */
export function allOf(project: string): string {
  return `${project}${ALL_BELOW}`;
}
