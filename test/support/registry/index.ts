export { answer, errorAnswer, jsonAnswer } from './answer.ts';
export type { Fault, FaultRule } from './faults.ts';
export type { Adapter, Quirks, RegistryAuth, RegistryOptions } from './options.ts';
export { startRegistry, type TestRegistry } from './server.ts';
