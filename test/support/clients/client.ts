/** A program with its arguments, ready to be run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Folder to run it in, for clients that name files by their path. Default: any. */
  readonly cwd?: string;
}

/** An artifact in a registry on the loopback interface, which is spoken to over plain http. */
export interface RemoteName {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly repository: string;
  /** A tag, or `sha256:…`. */
  readonly reference: string;
}

/** An artifact in an OCI image layout folder. */
export interface LayoutName {
  readonly path: string;
  readonly tag: string;
}

/** A file that is a layer of an artifact. */
export interface FileName {
  /** Folder that the file is in. */
  readonly folder: string;
  readonly name: string;
}

/**
 * One program that people use with OCI registries. What moves an image layout, every one of them can; the rest is
 * undefined where its command line has no word for it.
 */
export interface Client {
  /** As tables name it. */
  readonly name: string;
  /** Prints its version. */
  readonly version: Command;
  /** Moves what is under a tag of a layout into a registry, with everything below it. */
  push(from: LayoutName, to: RemoteName): Command;
  /** Moves it into a layout, whose folder is there and empty. Not every client gives it the tag. */
  pull(from: RemoteName, to: LayoutName): Command;
  /** Moves it from one repository to another. */
  copy?(from: RemoteName, to: RemoteName): Command;
  /** Makes an artifact of files, each a layer. */
  pushFiles?(files: readonly FileName[], to: RemoteName, artifactType: string): Command;
  /** Writes the files of an artifact into a folder, which is there and empty. */
  pullFiles?(from: RemoteName, folder: string): Command;
  /** Prints the manifest, byte for byte where it can. */
  inspect?(from: RemoteName): Command;
  /** Makes an artifact of one file that refers to another. */
  attach?(file: FileName, to: RemoteName, artifactType: string): Command;
  /** Prints the digests of what refers to it, among other words. */
  referrers?(of: RemoteName): Command;
  /** Prints the tags of a repository, among other words; the reference does not matter. */
  listTags?(of: RemoteName): Command;
  /** Takes a tag away. Some take its manifest, and with it the manifest's other tags. */
  deleteTag?(tag: RemoteName): Command;
}

/** `HOST/REPOSITORY`. */
export function repositoryNameOf({ host, repository }: RemoteName): string {
  return `${host}/${repository}`;
}

/** `HOST/REPOSITORY:TAG` or `HOST/REPOSITORY@DIGEST`. */
export function nameOf({ host, repository, reference }: RemoteName): string {
  return `${host}/${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
}
