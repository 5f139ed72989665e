import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Annotations } from '../oci/index.ts';

/** What `--annotation` leaves in the options of a command. */
export interface AnnotationOption {
  readonly annotation?: Annotations;
}

/** `--annotation K=V`, any number of times; of two with one key the last one stands. */
export function addAnnotationOption(command: Command): Command {
  const option = new Option('--annotation <key=value>', 'annotation of the manifest; may be repeated');
  return command.addOption(option.argParser<Annotations>((text, before = {}) => ({ ...before, ...parse(text) })));
}

function parse(text: string): Annotations {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new InvalidArgumentError('KEY=VALUE is accepted, such as org.opencontainers.image.vendor=Acme.');
  return { [text.slice(0, equals)]: text.slice(equals + 1) };
}
