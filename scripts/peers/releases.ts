/** A program of a Go module, as `go install` builds it. */
export interface GoProgram {
  /** Name of the program that is built. */
  readonly program: string;
  /** Import path of its package. */
  readonly package: string;
  /** A version of its module. The module's digest is checked by Go against its public checksum database. */
  readonly version: string;
}

/** The other clients, the registries and the suite that we are measured against, by the name that tables give them. */
export const goPrograms = {
  oras: { program: 'oras', package: 'oras.land/oras/cmd/oras', version: 'v1.3.6' },
  crane: { program: 'crane', package: 'github.com/google/go-containerregistry/cmd/crane', version: 'v0.22.1' },
  regctl: { program: 'regctl', package: 'github.com/regclient/regclient/cmd/regctl', version: 'v0.11.7' },
  distribution: {
    program: 'registry',
    package: 'github.com/distribution/distribution/v3/cmd/registry',
    version: 'v3.1.2',
  },
  zot: { program: 'zot', package: 'zotregistry.dev/zot/v2/cmd/zot', version: 'v2.1.20' },
  conformance: {
    program: 'conformance',
    package: 'github.com/opencontainers/distribution-spec/conformance',
    version: 'v0.0.0-20260831232431-97274622c111',
  },
} as const satisfies Record<string, GoProgram>;

/** Their Debian packages come with the machine's other programs. */
export const debianPrograms = { skopeo: 'skopeo', 'docker-registry': 'docker-registry' } as const;

/** The Python client. */
export const orasPy = { name: 'oras-py', package: 'oras', version: '0.2.43' } as const;

/** OpenTelemetry's collector with as much as our tests need: its builder writes the program, of these modules, and builds it. */
export const collector = {
  name: 'otelcol',
  version: 'v0.165.0',
  builder: { program: 'builder', package: 'go.opentelemetry.io/collector/cmd/builder', version: 'v0.165.0' },
  receiver: 'go.opentelemetry.io/collector/receiver/otlpreceiver',
  exporter: 'go.opentelemetry.io/collector/exporter/debugexporter',
} as const;

export type GoPeer = keyof typeof goPrograms;
export type Peer = GoPeer | keyof typeof debianPrograms | typeof orasPy.name | typeof collector.name;
