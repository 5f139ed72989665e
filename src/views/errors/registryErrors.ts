import { l10n } from 'vscode';
import type { OciErrorDetails } from '../../oci/index.ts';
import { because, type Describe, hostOf } from './description.ts';

const TLS_HINTS: Readonly<Record<NonNullable<OciErrorDetails['TLS_FAILED']['problem']> | 'other', string>> = {
  authority: l10n.t(
    'In the setting floeOci.registryOptions, caFile names the certificate of a private authority. The certificates of the system count where http.systemCertificates is on; where a proxy opens TLS, its authority has to be among them.',
  ),
  validity: l10n.t("Check the clock of this machine; if it is right, the registry's certificate has to be renewed."),
  name: l10n.t('Use the name that the certificate is for.'),
  'client-certificate': l10n.t('In the setting floeOci.registryOptions, clientCertFile and clientKeyFile name yours.'),
  protocol: l10n.t(
    'A registry without TLS needs plainHttp in the setting floeOci.registryOptions. Check the port, too, and the setting http.proxy.',
  ),
  other: l10n.t(
    'In the setting floeOci.registryOptions, caFile names the certificate of a private authority, clientCertFile and clientKeyFile name yours.',
  ),
};

function missingText(kind: OciErrorDetails['NOT_FOUND']['kind'], what: string): string {
  switch (kind) {
    case 'repository':
      return l10n.t('There is no repository {0}.', what);
    case 'manifest':
      return l10n.t('There is no manifest {0}.', what);
    case 'blob':
      return l10n.t('There is no blob {0}.', what);
    case 'tag':
      return l10n.t('There is no tag {0}.', what);
    case 'layout':
      return l10n.t('There is no {0}.', what);
  }
}

/** What goes wrong between here and a registry. */
export const REGISTRY_ERRORS = {
  INVALID_RESPONSE: ({ url, status, reason }) => ({
    gist: l10n.t('Not an answer of a registry'),
    sentence: l10n.t('{0} answered something that is not OCI: {1} (HTTP {2}).', hostOf(url), reason, status),
    hint: l10n.t('Check that the address is that of a registry, not of its web pages or of a proxy.'),
    remedies: ['retry'],
  }),
  NOT_FOUND: ({ kind, what }) => ({
    gist: l10n.t('Not found'),
    sentence: missingText(kind, what),
    remedies: ['retry'],
  }),
  UNAUTHORIZED: ({ registry, reason }) => ({
    gist: l10n.t('Sign in to see this'),
    sentence: l10n.t('{0} wants you to sign in, or does not accept your credentials{1}.', registry, because(reason)),
    remedies: ['credentials', 'retry'],
    registry,
  }),
  DENIED: ({ registry, reason }) => ({
    gist: l10n.t('Not allowed with your credentials'),
    sentence: l10n.t('{0} does not allow this with your credentials{1}.', registry, because(reason)),
    remedies: ['credentials', 'retry'],
    registry,
  }),
  REGISTRY_UNAVAILABLE: ({ registry, reason, status }) => ({
    gist: l10n.t('Cannot be reached'),
    sentence:
      status === null
        ? l10n.t('{0} cannot be reached{1}.', registry, because(reason))
        : l10n.t('{0} cannot be reached (HTTP {1}){2}.', registry, status, because(reason)),
    hint: l10n.t(
      'Check the address, your network and the setting http.proxy. Whether a registry speaks http or https says plainHttp in the setting floeOci.registryOptions.',
    ),
    remedies: ['retry'],
    registry,
  }),
  CIRCUIT_OPEN: ({ registry, failures, retryAt }) => ({
    gist: l10n.t('Left alone for a while'),
    sentence: l10n.t('{0} was not available {1} times in a row and is left alone for now.', registry, failures),
    hint: l10n.t('It is tried again from {0} on.', new Date(retryAt).toLocaleTimeString()),
    remedies: ['retry'],
    registry,
  }),
  TLS_FAILED: ({ registry, reason, problem }) => ({
    gist: l10n.t('No connection that can be trusted'),
    sentence: l10n.t('{0} has no connection that can be trusted{1}.', registry, because(reason)),
    hint: TLS_HINTS[problem ?? 'other'],
    remedies: ['retry'],
    registry,
  }),
  PROXY_REFUSED: ({ registry, status }) => ({
    gist: l10n.t('The proxy does not let us through'),
    sentence: l10n.t('The proxy does not let us through to {0} (HTTP {1}).', registry, status),
    hint:
      status === 407
        ? l10n.t(
            'It wants a user name and a password: put them into the setting http.proxy as http://USER:PASSWORD@HOST:PORT, or into http.proxyAuthorization. Hosts in http.noProxy are reached without.',
          )
        : l10n.t(
            'Ask whoever runs it to let this host through, or name the host in the setting http.noProxy if it is reached without a proxy.',
          ),
    remedies: ['retry'],
    registry,
  }),
  REGISTRY_ERROR: ({ url, status, errors }) => ({
    gist: l10n.t('Refused by the registry'),
    sentence: l10n.t(
      '{0} refused: {1}.',
      hostOf(url),
      errors[0] ? `${errors[0].code} ${errors[0].message}`.trim() : `HTTP ${status}`,
    ),
    remedies: ['retry'],
  }),
  UNSUPPORTED: ({ what, instead }) => ({
    sentence: l10n.t('Not supported there: {0}.', what),
    ...(instead === undefined ? {} : { hint: `${instead}.` }),
  }),
  REDIRECT_REFUSED: ({ from, to, reason }) => ({
    gist: l10n.t('Leads where we do not go'),
    sentence: l10n.t('{0} sent us to {1}, where we do not go: {2}.', hostOf(from), hostOf(to), reason),
    remedies: ['retry'],
  }),
  REALM_REFUSED: ({ registry, from, to }) => ({
    gist: l10n.t('Wants your credentials sent elsewhere'),
    sentence:
      from === null
        ? l10n.t('{0} wants your credentials sent to {1}, which you have not allowed.', registry, hostOf(to))
        : l10n.t(
            '{0} wants your credentials sent to {1}, no longer to {2}, which you have not allowed.',
            registry,
            hostOf(to),
            hostOf(from),
          ),
    hint: l10n.t(
      'Nothing was sent there. If you did not expect it, ask whoever runs the registry; otherwise try again, and allow it.',
    ),
    remedies: ['retry'],
    registry,
  }),
  MISSING_CREDENTIAL: ({ reference, reason, registry }) => ({
    gist: l10n.t('A secret is missing'),
    sentence: l10n.t('The credential {0} is missing: {1}.', reference, reason),
    remedies: registry === undefined ? ['retry'] : ['secret', 'retry'],
    ...(registry === undefined ? {} : { registry }),
  }),
} satisfies Partial<Describe>;
