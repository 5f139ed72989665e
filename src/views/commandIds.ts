/** The commands, as package.json contributes them and without their prefix `floeOci.`. */
export const COMMAND_IDS = [
  'connectRegistry',
  'disconnectRegistry',
  'editCredentials',
  'signOut',
  'addRepository',
  'removeRepository',
  'refresh',
  'refreshRow',
  'retry',
  'loadMore',
  'push',
  'pushHere',
  'pull',
  'inspect',
  'openManifest',
  'openReference',
  'copyReference',
  'copyDigest',
] as const;

export type CommandId = (typeof COMMAND_IDS)[number];
