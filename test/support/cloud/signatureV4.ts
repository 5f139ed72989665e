import { createHash, createHmac } from 'node:crypto';
import { type CloudRequest, insist } from './cloudServer.ts';

/** Whose signature is expected. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Milliseconds that clocks may differ. https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html */
const SKEW = 5 * 60_000;

/**
 * Computes the signature of a request anew, from the secret, and compares.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 * @returns the region that was signed for
 */
export function verifySignature({ method, url, headers, body }: CloudRequest, service: string, keys: AwsKeys): string {
  const authorization = headers.authorization ?? '';
  const [, accessKeyId, date = '', region = '', signedService, signedHeaders = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  insist(accessKeyId === keys.accessKeyId, 'another access key has signed, or none');
  insist(signedService === service, `signed for ${signedService} instead of ${service}`);
  const time = String(headers['x-amz-date']);
  const instant = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  insist(Math.abs(instant - Date.now()) < SKEW, 'the date of the signature is not now');
  insist(headers['x-amz-security-token'] === keys.sessionToken, 'the session token is another');
  for (const name of ['host', 'x-amz-date', ...(keys.sessionToken === undefined ? [] : ['x-amz-security-token'])]) {
    insist(signedHeaders.split(';').includes(name), `${name} is not signed`);
  }
  const canonicalHeaders = signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = [method, url.pathname, url.search.slice(1), canonicalHeaders.join(''), signedHeaders, sha256(body)];
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(request.join('\n'))].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (previous, part) => hmac(previous, part),
    `AWS4${keys.secretAccessKey}`,
  );
  insist(hmac(key, toSign).toString('hex') === signature, 'the signature is wrong');
  return region;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
