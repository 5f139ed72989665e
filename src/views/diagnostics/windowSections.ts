import { getCACertificates } from 'node:tls';
import { env, UIKind, version as vscodeVersion, workspace } from 'vscode';
import { exceptionsOf, proxyFor, redactUrl, version } from '../../oci/index.ts';
import type { Settings } from '../settings.ts';
import type { ExportState } from '../telemetry/telemetryExport.ts';
import type { Fact, Section } from './report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What runs here. */
export function versionSection(): Section {
  const { node } = process.versions;
  const remote = env.remoteName === undefined ? '' : `, remote by ${env.remoteName}`;
  const kind = env.uiKind === UIKind.Web ? 'in a browser' : 'on a desktop';
  return {
    title: 'Versions',
    facts: [
      { name: 'Floe OCI', value: version },
      { name: 'Editor', value: `${env.appName} ${vscodeVersion}, ${kind}${remote}` },
      { name: 'Node', value: `${node}, ${process.platform} ${process.arch}` },
      { name: 'Workspace', value: workspace.isTrusted ? 'trusted' : 'not trusted' },
    ],
  };
}

/** VS Code's own settings about the network, which its client heeds. */
const HTTP_SETTINGS = [
  'proxy',
  'proxySupport',
  'noProxy',
  'systemCertificates',
  'systemCertificatesNode',
  'experimental.systemCertificatesV2',
  'fetchAdditionalSupport',
  'electronFetch',
];

/** How requests leave, and what they pass. */
export function networkSection(
  settings: Pick<Settings, 'networkClient' | 'concurrency' | 'retry' | 'circuitBreaker'>,
  environment: Environment,
): Section {
  const { networkClient, concurrency, retry, circuitBreaker } = settings;
  const client =
    networkClient === 'undici'
      ? 'our own (undici): proxies from the environment'
      : "the editor's (its fetch; its node:https where a registry has certificates of its own)";
  return {
    title: 'Network',
    facts: [
      { name: 'Client', value: `${networkClient}: ${client}` },
      ...HTTP_SETTINGS.flatMap((name) => settingFact(name)),
      ...proxyFacts(environment),
      {
        name: 'Authorities',
        value: `${getCACertificates('default').length} of Node, ${getCACertificates('system').length} of the system`,
      },
      { name: 'Requests to one host', value: `${concurrency} at a time, ${retry.maxAttempts} attempts` },
      {
        name: 'Circuit breaker',
        value: circuitBreaker.enabled
          ? `opens after ${circuitBreaker.failureThreshold} failures, for ${circuitBreaker.recoveryTimeoutMs} ms`
          : 'off',
      },
    ],
  };
}

function settingFact(name: string): readonly Fact[] {
  const value = workspace.getConfiguration('http').get<unknown>(name);
  if (value === undefined || value === null || value === '') return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [{ name: `http.${name}`, value: name === 'proxy' ? redactUrl(text) : text }];
}

/** By whom the editor's client is led too, where the setting says nothing. */
function proxyFacts(environment: Environment): readonly Fact[] {
  // Where no registry can be: it stands for all that NO_PROXY says nothing of.
  return ['https://anywhere.invalid/', 'http://anywhere.invalid/'].flatMap((url): readonly Fact[] => {
    try {
      const proxy = proxyFor(new URL(url), environment);
      if (proxy === undefined) return [];
      const except = exceptionsOf(environment);
      return [{ name: proxy.variable, value: `${proxy.origin}${except === '' ? '' : `, not for ${except}`}` }];
    } catch (error) {
      return [{ name: 'Proxy', value: error instanceof Error ? error.message : 'not understood' }];
    }
  });
}

/** Whether traces and numbers leave. */
export function telemetrySection(state: ExportState, isRecording: boolean): Section {
  const value = state.isOn ? `to ${state.url} as ${state.protocol}` : `off: ${state.reason}`;
  return {
    title: 'Telemetry',
    facts: [
      { name: 'Export', value },
      { name: 'Recording', value: isRecording ? 'running' : 'none' },
    ],
  };
}
