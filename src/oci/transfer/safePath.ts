import { OciError } from '../errors.ts';

/** Names of devices that Windows answers to in every folder, whatever the extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

/** Characters that make names look alike, and that some file systems leave out when they compare. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The segments of a relative path that a title stands for, with `/` between folders. Refused is what leads out of a
 * folder, or means something else, on any platform: what one colleague can pull, all can, and nobody else's disk decides.
 * @throws OciError UNSAFE_PATH naming the title
 */
export function parseTitle(title: string): readonly string[] {
  const segments = title.split('/');
  const reason = unsafeTitle(title) ?? segments.map(unsafeSegment).find((found) => found !== undefined);
  if (reason === undefined) return segments;
  throw unsafePath(title, reason);
}

/**
 * The same for two names that some file system takes for one: by case (Windows, macOS), by Unicode normalisation and
 * ignorable characters (macOS).
 */
export function foldName(name: string): string {
  return name.normalize('NFD').replaceAll(IGNORABLE, '').toUpperCase().toLowerCase();
}

/** The error for a name that must not become a file. */
export function unsafePath(name: string, reason: string): OciError<'UNSAFE_PATH'> {
  return new OciError('UNSAFE_PATH', `unsafe file name ${JSON.stringify(name)}: ${reason}`, { name, reason });
}

function unsafeTitle(title: string): string | undefined {
  if (title === '') return 'is empty';
  if (!title.isWellFormed() || /\p{Cc}/u.test(title)) return 'has a control character';
  if (title.startsWith('/')) return 'is an absolute path';
  if (title.includes('\\')) return 'has a backslash';
  if (/^[a-z]:/i.test(title)) return 'starts with a drive letter';
  return title.includes(':') ? 'has a colon' : undefined;
}

function unsafeSegment(segment: string): string | undefined {
  if (segment === '') return 'has an empty part';
  if (segment === '..') return 'leads out of the folder';
  if (segment === '.') return 'has a part that is only a dot';
  if (/[. ]$/.test(segment)) return 'has a part that ends with a dot or a space';
  if (foldName(segment) === '.git') return "would write into Git's own folder";
  const stem = segment.split('.', 1)[0] ?? '';
  return WINDOWS_DEVICE.test(stem.trimEnd()) ? 'has a part that is a device on Windows' : undefined;
}
