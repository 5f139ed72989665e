/**
 * The test registry as others use it: imported, or started as a program. It keeps all content in memory, and is as safe as
 * what may reach it: it is made for tests, on the loopback interface.
 */
import { runProgram } from './program.ts';

export type { Answer } from '../answer.ts';
export { answer, errorAnswer, jsonAnswer } from '../answer.ts';
export type { RegistryContent, RepositoryContent, StoredManifest } from '../content.ts';
export type { Exchange } from '../exchange.ts';
export type { Fault, FaultRule } from '../faults.ts';
export type { LoggedRequest, RequestFilter } from '../log.ts';
export { FAULTS, type FaultName, type NamedFault, withFaults } from '../namedFaults.ts';
export type { Adapter, Quirks, RegistryAuth, RegistryOptions } from '../options.ts';
export { PROFILES, type Profile, type ProfileName } from '../profiles.ts';
export { startRegistry, type TestRegistry } from '../server.ts';

if (import.meta.main) process.exitCode = await runProgram(process.argv.slice(2));
