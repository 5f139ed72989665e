import { isAbsolute } from 'node:path';
import { l10n } from 'vscode';
import { isOciError, isProviderName, PROVIDER_NAMES, parseApiUrl, parseMirror, redactText } from '../oci/index.ts';
import { isSignInChoice, SIGN_IN_CHOICES } from './credentials/signInChoice.ts';
import { isUploadMode, UPLOAD_MODES } from './registryOptions.ts';
import {
  acceptedFor,
  acceptedNumber,
  NUMBER_SETTINGS,
  type NumberSettingName,
  SWITCHES,
  type SwitchName,
} from './settingLimits.ts';
import { OTLP_PROTOCOLS } from './telemetry/otlpProtocol.ts';

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
    ...collectorProblems(read),
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
    return [problem(name, value, acceptedFor(name), l10n.t('its default is used, {0}', NUMBER_SETTINGS[name].default))];
  });
}

function switchProblems(read: Read): readonly SettingProblem[] {
  return (Object.keys(SWITCHES) as SwitchName[]).flatMap((name) => {
    const value = read(name);
    if (value === undefined || typeof value === 'boolean') return [];
    return [problem(name, value, l10n.t('true or false'), l10n.t('its default is used, {0}', SWITCHES[name]))];
  });
}

function pathProblems(path: unknown): readonly SettingProblem[] {
  if (path === undefined || path === null || path === '' || (typeof path === 'string' && isAbsolute(path))) return [];
  return [problem('cache.path', path, l10n.t('an absolute path'), l10n.t("the extension's own storage is used"))];
}

function collectorProblems(read: Read): readonly SettingProblem[] {
  const [endpoint, protocol] = [read('otel.endpoint'), read('otel.protocol')];
  const isUnset = endpoint === undefined || endpoint === null || endpoint === '';
  const isProtocol = [undefined, null, '', ...OTLP_PROTOCOLS].some((each) => each === protocol);
  const address = l10n.t('an address of http or https, without a user name');
  const protocols = OTLP_PROTOCOLS.join(', ');
  return [
    ...(isUnset || isCollector(endpoint)
      ? []
      : [problem('otel.endpoint', redacted(endpoint), address, l10n.t('nothing is sent'))]),
    ...(isProtocol
      ? []
      : [problem('otel.protocol', protocol, l10n.t('one of {0}', protocols), l10n.t('its default is used'))]),
  ];
}

/** An address that telemetry may be sent to. A password in it would be in the settings, where none belongs. */
export function isCollector(value: unknown): value is string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function redacted(value: unknown): unknown {
  return typeof value === 'string' ? redactText(value) : value;
}

/** Each may be right by itself and contradict the other. */
function delayProblems(read: Read): readonly SettingProblem[] {
  const [initial, maximum] = (['retry.initialDelayMs', 'retry.maxDelayMs'] as const).map((name) => {
    return acceptedNumber(name, read(name)) ?? NUMBER_SETTINGS[name].default;
  }) as [number, number];
  if (initial <= maximum) return [];
  const { minimum } = NUMBER_SETTINGS['retry.initialDelayMs'];
  const accepted = l10n.t('a number from {0} to floeOci.retry.maxDelayMs, which is {1}', minimum, maximum);
  return [problem('retry.initialDelayMs', initial, accepted, l10n.t('the defaults of both are used'))];
}

function registryProblems(registryOptions: unknown): readonly SettingProblem[] {
  if (typeof registryOptions !== 'object' || registryOptions === null) return [];
  return Object.entries(registryOptions).flatMap(([url, options]) => {
    const of: { auth?: unknown; mirrors?: unknown; uploadMode?: unknown; provider?: unknown; apiUrl?: unknown } =
      Object(options);
    const name = `registryOptions["${url}"]`;
    return [
      ...authProblems(`${name}.auth`, of.auth),
      ...mirrorProblems(`${name}.mirrors`, of.mirrors),
      ...uploadModeProblems(`${name}.uploadMode`, of.uploadMode),
      ...kindProblems(`${name}.provider`, of.provider),
      ...apiUrlProblems(`${name}.apiUrl`, of.apiUrl),
    ];
  });
}

function authProblems(name: string, auth: unknown): readonly SettingProblem[] {
  if (auth === undefined || isSignInChoice(auth)) return [];
  const accepted = l10n.t('one of {0}', SIGN_IN_CHOICES.join(', '));
  return [problem(name, auth, accepted, l10n.t('no credential is sent'))];
}

function mirrorProblems(name: string, mirrors: unknown): readonly SettingProblem[] {
  if (mirrors === undefined) return [];
  const wrong = Array.isArray(mirrors) ? mirrors.filter((mirror) => !isMirror(mirror)) : [mirrors];
  const accepted = l10n.t('a list of HOST[:PORT] or HOST[:PORT]/PREFIX');
  return wrong.map((mirror) => problem(name, mirror, accepted, l10n.t('it is passed over')));
}

function uploadModeProblems(name: string, mode: unknown): readonly SettingProblem[] {
  if (mode === undefined || isUploadMode(mode)) return [];
  const [one, other] = UPLOAD_MODES.map((each) => JSON.stringify(each));
  const accepted = l10n.t('{0} or {1}', one ?? '', other ?? '');
  return [problem(name, mode, accepted, l10n.t('its default is used, {0}', JSON.stringify(UPLOAD_MODES[0])))];
}

function kindProblems(name: string, kind: unknown): readonly SettingProblem[] {
  if (kind === undefined || (typeof kind === 'string' && isProviderName(kind))) return [];
  const accepted = l10n.t('one of {0}', PROVIDER_NAMES.join(', '));
  return [problem(name, kind, accepted, l10n.t('it is taken for what it seems to be'))];
}

function apiUrlProblems(name: string, url: unknown): readonly SettingProblem[] {
  if (url === undefined || isApiUrl(url)) return [];
  const accepted = l10n.t('the https URL that its API begins with, such as https://gitlab.example.com/api/v4');
  return [problem(name, url, accepted, l10n.t('nothing is sent to this registry'))];
}

function isApiUrl(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return parseApiUrl(value, 'apiUrl') !== undefined;
  } catch (error) {
    if (isOciError(error, 'INVALID_ARGUMENT')) return false;
    throw error;
  }
}

function problem(name: string, value: unknown, accepted: string, instead: string): SettingProblem {
  return { setting: `floeOci.${name}`, value: JSON.stringify(value), accepted, instead };
}
