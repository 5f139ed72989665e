import type { LoggedRequest } from '../../../support/registry/log.ts';
import { FAULTS, type FaultName, withFaults } from '../../../support/registry/namedFaults.ts';
import type { RegistryAuth, RegistryOptions } from '../../../support/registry/options.ts';
import { PROFILES, type ProfileName } from '../../../support/registry/profiles.ts';
import type { Verdict } from './attempt.ts';
import type { ScenarioName } from './scenarios.ts';
import { PASSWORD } from './stage.ts';

/** One registry that every client meets. */
export interface Row {
  readonly name: string;
  /** What it does, for faults. */
  readonly fact: string;
  readonly options: () => RegistryOptions;
  /** What is done there, and the best that can come of it. */
  readonly scenarios: readonly (readonly [ScenarioName, atBest: Exclude<Verdict, 'wrong'>])[];
  /** Whether a client has come across what is special here. */
  readonly isMet: (requests: readonly LoggedRequest[]) => boolean;
}

const ALL: readonly ScenarioName[] = ['push', 'pull', 'list', 'copy', 'attach', 'referrers', 'delete'];
const PAGE = 10;

const auth: RegistryAuth = { username: 'ann', password: PASSWORD };
const base: RegistryOptions = { auth, quirks: { pageSize: PAGE, maxPageSize: PAGE } };

type IsMet = (request: LoggedRequest) => boolean;
const always = (): boolean => true;
const every = ALL.map((name) => [name, 'survived'] as const);

/** All that the specification has, in pages: by password on every request, and by tokens. */
const plain: readonly Row[] = [
  { name: 'none', fact: 'all that the specification has, ten tags a page', options: () => base },
  {
    name: 'tokens',
    fact: 'as before, with bearer tokens, each for what it was asked for',
    options: () => ({ ...base, auth: { ...auth, scheme: 'bearer' as const } }),
  },
].map((row) => ({ ...row, scenarios: every, isMet: always }));

export const profileRows: readonly Row[] = (Object.keys(PROFILES) as readonly ProfileName[]).map((name) => {
  const { options, deletion } = PROFILES[name];
  const quirks = options.quirks ?? {};
  // A page is ten tags here, where a client may not be refused for asking for more.
  const maxPageSize = quirks.largePages === 'refuse' ? quirks.maxPageSize : PAGE;
  return {
    name,
    fact: '',
    options: () => ({
      ...options,
      auth: { ...options.auth, password: PASSWORD },
      quirks: { ...quirks, pageSize: PAGE, ...(maxPageSize !== undefined && { maxPageSize }) },
    }),
    scenarios: ALL.map((scenario) => [scenario, scenario === 'delete' && !deletion.untags ? 'refused' : 'survived']),
    isMet: () => true,
  };
});

const isPatch: IsMet = ({ method }) => method === 'PATCH';
/** Not the first by the state that our test registry writes into locations. */
const isLaterChunk: IsMet = ({ method, path }) => method === 'PATCH' && !path.includes('c~0==');
const isExpired: IsMet = ({ headers, status }) => status === 401 && headers['authorization'] !== undefined;
const isUpload: IsMet = ({ method, path }) => method !== 'POST' && path.includes('/blobs/uploads/');
const isHead: IsMet = ({ method }) => method === 'HEAD';
const isHeadOfManifest: IsMet = ({ method, path }) => method === 'HEAD' && path.includes('/manifests/');
const isMount: IsMet = ({ path }) => path.includes('mount=');
const isRange: IsMet = ({ headers, path }) => headers['range'] !== undefined && path.includes('/blobs/');
const isCut: IsMet = ({ path, status }) => status === null && path.includes('/blobs/uploads/');
const isStored: IsMet = ({ path }) => path.startsWith('/storage/');
const isCompressed: IsMet = ({ headers }) => /\bgzip\b/.test(headers['accept-encoding'] ?? '');
const hasStatus =
  (wanted: number): IsMet =>
  ({ status }) =>
    status === wanted;

/** Each fault or two, with what is done about it, and the requests that come across it. */
const FAULT_ROWS: readonly (readonly [
  faults: FaultName | readonly FaultName[],
  scenarios: readonly ScenarioName[],
  isMet?: IsMet,
])[] = [
  ['absolute-location', ['push'], isUpload],
  ['exact-location', ['push'], isUpload],
  ['chunk-out-of-order', ['push'], isPatch],
  ['chunks-dropped', ['push'], isLaterChunk],
  ['chunks-refused', ['push'], isPatch],
  ['small-requests', ['push'], hasStatus(413)],
  ['cut-upload', ['push'], isCut],
  ['no-mount', ['copy'], isMount],
  ['cookies', ['push']],
  ['cut-blob', ['pull']],
  [['cut-blob', 'no-ranges'], ['pull'], isRange],
  [['cut-blob', 'other-ranges'], ['pull'], isRange],
  [['cut-blob', 'refused-ranges'], ['pull'], isRange],
  ['short-blobs', ['pull']],
  ['silent-blob', ['pull']],
  ['corrupt-blobs', ['pull']],
  ['redirected-blobs', ['pull'], isStored],
  ['gzip', ['pull', 'list'], isCompressed],
  ['no-head', ['push', 'pull'], isHead],
  ['head-length', ['attach'], isHeadOfManifest],
  ['no-length', ['pull']],
  ['no-digest', ['push', 'pull']],
  ['other-digest', ['pull']],
  ['other-manifests', ['pull']],
  ['type-parameters', ['pull']],
  ['html-manifests', ['pull']],
  ['null-tags', ['list none']],
  ['small-n', ['list'], hasStatus(400)],
  ['link-unquoted', ['list']],
  ['link-parameters', ['list']],
  ['link-among-others', ['list']],
  ['link-elsewhere', ['list']],
  ['link-to-itself', ['list']],
  ['retry-after', ['push', 'pull']],
  ['retry-after-hour', ['pull']],
  ['unavailable', ['push', 'pull']],
  ['access-token', ['push', 'list']],
  ['tokens-end', ['push', 'pull'], isExpired],
  ['challenge-lower-case', ['push']],
  ['challenge-several', ['push']],
  ['challenge-no-scope', ['push']],
  ['realm-relative', ['push']],
  ['no-referrers', ['attach', 'referrers']],
  ['referrers-pages', ['referrers']],
];

export const faultRows: readonly Row[] = [
  ...plain,
  ...FAULT_ROWS.map(([faults, scenarios, isMet = always]): Row => {
    const names = typeof faults === 'string' ? [faults] : faults;
    const isLost = names.some((name) => FAULTS[name].atBest === 'refused');
    return {
      name: names.join(', '),
      fact: names.map((name) => FAULTS[name].fact).join('; '),
      options: () => withFaults(base, names),
      scenarios: scenarios.map((name) => [name, isLost ? 'refused' : 'survived']),
      isMet: (requests) => requests.some(isMet),
    };
  }),
];
