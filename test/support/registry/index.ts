export { answer, errorAnswer, jsonAnswer } from './answer.ts';
export type { RepositoryContent } from './content.ts';
export type { Exchange } from './exchange.ts';
export type { Fault, FaultRule } from './faults.ts';
export type { LoggedRequest, RequestFilter } from './log.ts';
export type { Adapter, Quirks, RegistryAuth, RegistryOptions, RegistryTls } from './options.ts';
export { startRegistry, type TestRegistry } from './server.ts';
