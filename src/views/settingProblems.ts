import { isAbsolute } from 'node:path';
import { isOciError, parseMirror } from '../oci/index.ts';
import { isUploadMode, UPLOAD_MODES } from './registryOptions.ts';
import {
  acceptedFor,
  acceptedNumber,
  NUMBER_SETTINGS,
  type NumberSettingName,
  SWITCHES,
  type SwitchName,
} from './settingLimits.ts';

/** A setting that holds something else than is accepted. */
export interface SettingProblem {
  /** Its full name, as in the settings file. */
  readonly setting: string;
  /** What is there, as JSON. */
  readonly value: string;
  /** A clause: `a whole number from 1 to 10`. */
  readonly accepted: string;
  /** What is done instead, a clause. */
  readonly instead: string;
}

type Read = (name: string) => unknown;

/** What is written in the settings and cannot be used. @param read a setting by its name without `floeOci.` */
export function settingProblems(read: Read): readonly SettingProblem[] {
  return [
    ...numberProblems(read),
    ...switchProblems(read),
    ...pathProblems(read('cache.path')),
    ...delayProblems(read),
    ...registryProblems(read('registryOptions')),
  ];
}

/** `HOST[:PORT][/PREFIX]` */
export function isMirror(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    parseMirror(value);
    return true;
  } catch (error) {
    if (isOciError(error, 'INVALID_ARGUMENT')) return false;
    throw error;
  }
}

function numberProblems(read: Read): readonly SettingProblem[] {
  return (Object.keys(NUMBER_SETTINGS) as NumberSettingName[]).flatMap((name) => {
    const value = read(name);
    if (value === undefined || acceptedNumber(name, value) !== undefined) return [];
    return [problem(name, value, acceptedFor(name), `its default is used, ${NUMBER_SETTINGS[name].default}`)];
  });
}

function switchProblems(read: Read): readonly SettingProblem[] {
  return (Object.keys(SWITCHES) as SwitchName[]).flatMap((name) => {
    const value = read(name);
    if (value === undefined || typeof value === 'boolean') return [];
    return [problem(name, value, 'true or false', `its default is used, ${SWITCHES[name]}`)];
  });
}

function pathProblems(path: unknown): readonly SettingProblem[] {
  if (path === undefined || path === null || path === '' || (typeof path === 'string' && isAbsolute(path))) return [];
  return [problem('cache.path', path, 'an absolute path', "the extension's own storage is used")];
}

/** Each may be right by itself and contradict the other. */
function delayProblems(read: Read): readonly SettingProblem[] {
  const [initial, maximum] = (['retry.initialDelayMs', 'retry.maxDelayMs'] as const).map((name) => {
    return acceptedNumber(name, read(name)) ?? NUMBER_SETTINGS[name].default;
  }) as [number, number];
  if (initial <= maximum) return [];
  const { minimum } = NUMBER_SETTINGS['retry.initialDelayMs'];
  const accepted = `a number from ${minimum} to floeOci.retry.maxDelayMs, which is ${maximum}`;
  return [problem('retry.initialDelayMs', initial, accepted, 'the defaults of both are used')];
}

function registryProblems(registryOptions: unknown): readonly SettingProblem[] {
  if (typeof registryOptions !== 'object' || registryOptions === null) return [];
  return Object.entries(registryOptions).flatMap(([url, options]) => {
    const { mirrors, uploadMode }: { mirrors?: unknown; uploadMode?: unknown } = Object(options);
    const name = `registryOptions["${url}"]`;
    return [...mirrorProblems(`${name}.mirrors`, mirrors), ...uploadModeProblems(`${name}.uploadMode`, uploadMode)];
  });
}

function mirrorProblems(name: string, mirrors: unknown): readonly SettingProblem[] {
  if (mirrors === undefined) return [];
  const wrong = Array.isArray(mirrors) ? mirrors.filter((mirror) => !isMirror(mirror)) : [mirrors];
  const accepted = 'a list of HOST[:PORT] or HOST[:PORT]/PREFIX';
  return wrong.map((mirror) => problem(name, mirror, accepted, 'it is passed over'));
}

function uploadModeProblems(name: string, mode: unknown): readonly SettingProblem[] {
  if (mode === undefined || isUploadMode(mode)) return [];
  const accepted = UPLOAD_MODES.map((one) => JSON.stringify(one)).join(' or ');
  return [problem(name, mode, accepted, `its default is used, ${JSON.stringify(UPLOAD_MODES[0])}`)];
}

function problem(name: string, value: unknown, accepted: string, instead: string): SettingProblem {
  return { setting: `floeOci.${name}`, value: JSON.stringify(value), accepted, instead };
}
