import {
  type CancellationToken,
  type Disposable,
  type LanguageModelToolResult,
  lm,
  type PreparedToolInvocation,
} from 'vscode';
import { TOOL_NAMES, type ToolName } from './toolNames.ts';

/** What does the work of the tools. Input is what a model wrote. */
export interface RegistryTools {
  /** What the user is told, and asked, before. */
  prepare(name: ToolName, input: unknown): PreparedToolInvocation;
  /** @throws Error whose message is for the model */
  invoke(name: ToolName, input: unknown, token: CancellationToken): Promise<LanguageModelToolResult>;
}

/** Registers the tools. @param load where they are, when one is first called */
export function lazyTools(load: () => Promise<RegistryTools>): readonly Disposable[] {
  return TOOL_NAMES.map((name) =>
    lm.registerTool<unknown>(name, {
      prepareInvocation: async ({ input }) => (await load()).prepare(name, input),
      invoke: async ({ input }, token) => (await load()).invoke(name, input, token),
    }),
  );
}
