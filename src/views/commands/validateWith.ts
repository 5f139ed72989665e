import { isOciError } from '../../oci/index.ts';
import { describeError, explain } from '../describeError.ts';

/** A parser as an input box wants it: undefined, or what is wrong. */
export function validateWith(parse: (text: string) => unknown): (text: string) => string | undefined {
  return (text) => {
    try {
      parse(text.trim());
      return undefined;
    } catch (error) {
      if (isOciError(error)) return explain(describeError(error));
      throw error;
    }
  };
}
