import {
  type CloudAnswer,
  type CloudRequest,
  type CloudServer,
  type CloudServerOptions,
  insist,
  message,
  startCloudServer,
} from './cloudServer.ts';
import { type AwsKeys, verifySignature } from './signatureV4.ts';

export interface AwsOptions extends CloudServerOptions {
  /** The web token that STS takes; default `web-token`. */
  readonly webToken?: string;
  /** Keys that ECR takes; default those that STS, containers and instances are given. */
  readonly keys?: AwsKeys;
  /** What ECR answers in the place of a token. */
  readonly refusal?: CloudAnswer;
}

export interface Aws extends CloudServer {
  /** Variables that lead the SDK's services here. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Requests by what they were for: `sts`, `ecr`, `ecr-public`, `container`, `instance`. */
  count(service: string): number;
  /** Regions that ECR was asked in. */
  readonly regions: readonly string[];
  /** The password issued last. */
  readonly password: string;
}

const ISSUED: AwsKeys = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY',
  sessionToken: 'AQoDYXdzEE0a8ANXXXXXXXXNO1ewxE5TijQyp+IEXAMPLE',
};
const ROLE = /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** What Amazon's agent for pods asks for. */
export const CONTAINER_TOKEN = 'container-token';
const INSTANCE_TOKEN = 'instance-token';
/** Milliseconds. */
const TWELVE_HOURS = 12 * 3_600_000;

/** STS, ECR, ECR Public, the endpoint of containers and the metadata of instances, in one server. */
export async function startAws(options: AwsOptions = {}): Promise<Aws> {
  const { webToken = 'web-token', keys = ISSUED } = options;
  const services: string[] = [];
  const regions: string[] = [];
  let issued = 0;
  const expiration = (): string => new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
  const credentials = (): Record<string, string> => ({
    ...ISSUED,
    sessionToken: ISSUED.sessionToken ?? '',
    expiration: expiration(),
  });

  const sts = ({ body, headers }: CloudRequest): CloudAnswer => {
    const form = new URLSearchParams(body);
    insist(headers.authorization === undefined, 'a request with a web token is not signed');
    insist(
      form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('Version') === '2011-06-15',
      'another action',
    );
    insist(ROLE.test(form.get('RoleArn') ?? ''), 'RoleArn is no ARN of a role');
    const session = form.get('RoleSessionName') ?? '';
    insist(/^[\w+=,.@-]{2,64}$/.test(session), 'RoleSessionName is wrong');
    const xml = { 'content-type': 'text/xml' };
    const isRight = form.get('WebIdentityToken') === webToken;
    if (!isRight) return { status: 400, body: message('aws/expiredToken.xml'), headers: xml };
    return {
      status: 200,
      body: message('aws/assumeRoleWithWebIdentity.xml', { ...credentials(), session }),
      headers: xml,
    };
  };

  const ecr = (request: CloudRequest, service: string): CloudAnswer => {
    insist(request.headers['content-type'] === 'application/x-amz-json-1.1', 'another content type');
    regions.push(verifySignature(request, service, keys));
    insist(
      Object.keys(JSON.parse(request.body)).every((key) => key === 'registryIds'),
      'unknown parameters',
    );
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    if (options.refusal) return { ...options.refusal, headers };
    issued++;
    const token = Buffer.from(`AWS:password-${issued}`).toString('base64');
    const name = service === 'ecr' ? 'aws/getAuthorizationToken.json' : 'aws/getPublicAuthorizationToken.json';
    return { status: 200, body: message(name, { token, expiresAt: (Date.now() + TWELVE_HOURS) / 1000 }), headers };
  };

  const container = ({ method, headers }: CloudRequest): CloudAnswer => {
    insist(method === 'GET', 'only GET');
    insist(headers.authorization === CONTAINER_TOKEN, 'another token of the container');
    return { status: 200, body: message('aws/containerCredentials.json', credentials()) };
  };

  const instance = ({ method, url, headers }: CloudRequest): CloudAnswer => {
    const text = { 'content-type': 'text/plain' };
    if (url.pathname === '/latest/api/token') {
      insist(method === 'PUT' && Number(headers['x-aws-ec2-metadata-token-ttl-seconds']) > 0, 'no time to live');
      return { status: 200, body: INSTANCE_TOKEN, headers: text };
    }
    insist(headers['x-aws-ec2-metadata-token'] === INSTANCE_TOKEN, 'asked without a token');
    const [, role] = /^\/latest\/meta-data\/iam\/security-credentials\/(.*)$/.exec(url.pathname) ?? [];
    insist(role === '' || role === 'runner', 'another address');
    if (role === '') return { status: 200, body: 'runner', headers: text };
    return { status: 200, body: message('aws/instanceCredentials.json', credentials()) };
  };

  const server = await startCloudServer((request) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    const { pathname } = request.url;
    const answer = (service: string, own: () => CloudAnswer): CloudAnswer => {
      services.push(service);
      return own();
    };
    if (pathname === '/container/credentials') return answer('container', () => container(request));
    if (pathname.startsWith('/latest/')) return answer('instance', () => instance(request));
    insist(request.method === 'POST' && pathname === '/', 'another address');
    if (target === 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken') {
      return answer('ecr', () => ecr(request, 'ecr'));
    }
    if (target === 'SpencerFrontendService.GetAuthorizationToken') {
      return answer('ecr-public', () => ecr(request, 'ecr-public'));
    }
    insist(target === '', `another target: ${target}`);
    return answer('sts', () => sts(request));
  }, options);
  return {
    ...server,
    endpoints: {
      AWS_ENDPOINT_URL_STS: server.url,
      AWS_ENDPOINT_URL_ECR: server.url,
      AWS_ENDPOINT_URL_ECR_PUBLIC: server.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url,
    },
    count: (service) => services.filter((own) => own === service).length,
    regions,
    get password() {
      return `password-${issued}`;
    },
  };
}
