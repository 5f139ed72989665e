import type { Command } from 'commander';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import type { Session } from './session.ts';

/** What a command does in its session. It has succeeded when it does not throw. */
type Action<Options> = (session: Session, operands: readonly string[], options: Options) => Promise<void>;

/** Makes the handler that the parser calls: it opens a session, runs the action and closes the session. */
export type Act = <Options extends object>(action: Action<Options>) => (...parsed: unknown[]) => Promise<void>;

/** Makes the handlers of all commands, for one run of the program. */
export function createAct(io: CliIo): Act {
  return (action) =>
    async (...parsed) => {
      // The parser hands over the arguments, the options and, last, the command that has both.
      const command = parsed.at(-1) as Command;
      const { Session } = await import('./session.ts');
      const session = new Session(io, command.optsWithGlobals<GlobalOptions>());
      try {
        await session.run(command.name(), () => action(session, command.args, command.opts()));
      } finally {
        await session.close();
      }
    };
}
