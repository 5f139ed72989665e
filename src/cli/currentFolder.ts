/**
 * Where relative file names start. One that was removed meanwhile has no name any more but the one that the shell knows it
 * by; what is asked for there is not found, or cannot be written.
 */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/';
  }
}
