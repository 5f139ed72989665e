import { CustomExecution, type Pseudoterminal, Task, type TaskProvider, TaskScope, type WorkspaceFolder } from 'vscode';

/** The `type` in tasks.json. */
export const TASK_TYPE = 'floe-oci';

/** A task as it is written; nothing in it is checked yet. */
export interface WrittenTask {
  readonly definition: Readonly<Record<string, unknown>>;
  /** Where relative paths start; undefined for a task of the user's or of a workspace of several folders. */
  readonly folder: WorkspaceFolder | undefined;
}

/**
 * Runs tasks of the type `floe-oci` in the extension's own process: there is no command line that a secret could be in.
 * Tasks are those of tasks.json, none is proposed.
 * @param open makes the terminal that does a task, when it is first wanted
 */
export function taskProvider(open: (task: WrittenTask) => Promise<Pseudoterminal>): TaskProvider {
  return {
    provideTasks: () => [],
    resolveTask: ({ definition, name, scope = TaskScope.Workspace }) => {
      const folder = typeof scope === 'object' ? scope : undefined;
      // VS Code knows a task by its definition, which has to stay the same.
      return new Task(definition, scope, name, TASK_TYPE, new CustomExecution(() => open({ definition, folder })), []);
    },
  };
}
