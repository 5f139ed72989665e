import { describe, expect, it } from 'vitest';
import { findSignatures } from '../../src/floe/findSignatures.ts';
import { floePromotions } from '../../src/floe/promotionReader.ts';
import { registryConfigSchema } from '../../src/floe/schema/registryConfig.ts';
import { signatureGate, verdictOn } from '../../src/floe/signatureGate.ts';
import type { SignatureVerifier, VerificationRequest } from '../../src/floe/signatureVerifier.ts';
import { verificationPolicyOf } from '../../src/floe/verificationPolicy.ts';
import {
  descriptorOf,
  type ManifestDescriptor,
  MemoryStore,
  OciError,
  packArtifact,
  parseManifest,
  parseTag,
  readVerified,
  sourceOf,
} from '../../src/oci/index.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const COSIGN = { 'dev.sigstore.bundle.predicateType': 'https://sigstore.dev/cosign/sign/v1' };

async function artifactWith(
  annotations: Readonly<Record<string, string>> = {},
): Promise<{ store: MemoryStore; artifact: ManifestDescriptor }> {
  const store = new MemoryStore('r.example/orders');
  const parts = { artifactType: 'text/x', layers: [], annotations };
  const artifact = await packArtifact(store, parts, { tags: [parseTag('v1.0.0')] });
  return { store, artifact };
}

async function manifestOf(store: MemoryStore, artifact: ManifestDescriptor) {
  return parseManifest(await readVerified(store, artifact));
}

const refer = (store: MemoryStore, subject: ManifestDescriptor, artifactType: string, annotations = {}) =>
  packArtifact(store, { artifactType, layers: [], subject, annotations });

describe('the signatures of an artifact', () => {
  it('are found as referrers, under the tag of cosign and in annotations', async () => {
    const { store, artifact } = await artifactWith({
      'dev.floe.signature.bundle': 'e30=',
      'dev.floe.signature.subject': 'ci@acme.example',
    });
    const bundle = await refer(store, artifact, BUNDLE, COSIGN);
    const tag = parseTag(`${artifact.digest.replace(':', '-')}.sig`);
    const simple = await packArtifact(store, { artifactType: 'text/y', layers: [] }, { tags: [tag] });
    expect(await findSignatures(store, artifact, await manifestOf(store, artifact))).toMatchObject([
      { kind: 'annotations', digest: artifact.digest, claims: { subject: 'ci@acme.example', issuer: null } },
      { kind: 'referrer', digest: bundle.digest, artifactType: BUNDLE },
      { kind: 'cosign', digest: simple.digest },
    ]);
  });

  it('are neither SBOMs nor attestations, nor what is about another artifact', async () => {
    const { store, artifact } = await artifactWith();
    await refer(store, artifact, 'application/spdx+json');
    await refer(store, artifact, BUNDLE, { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' });
    const other = await packArtifact(store, { artifactType: 'text/z', layers: [] });
    await refer(store, other, BUNDLE, COSIGN);
    expect(await findSignatures(store, artifact, await manifestOf(store, artifact))).toEqual([]);
  });
});

describe('a verdict', () => {
  it('is "unsigned" only when all places were looked at, and never "valid" when nothing was checked', async () => {
    const { store, artifact } = await artifactWith();
    const input = { reference: 'r.example/orders:v1.0.0', descriptor: artifact, from: store };
    expect(await verdictOn({ ...input, store })).toMatchObject({ status: 'unsigned', signatures: [] });
    expect(await verdictOn({ ...input, store: undefined })).toMatchObject({ status: 'unknown', signatures: undefined });
    await refer(store, artifact, BUNDLE, COSIGN);
    expect(await verdictOn({ ...input, store })).toMatchObject({ status: 'unknown', signatures: [{}] });
  });

  it('is that of the verifier, which gets the verified bytes and all that was found', async () => {
    const { store, artifact } = await artifactWith();
    await refer(store, artifact, BUNDLE, COSIGN);
    const asked: VerificationRequest[] = [];
    const verifier: SignatureVerifier = {
      verify: async (request) => {
        asked.push(request);
        return { status: 'valid', signer: 'ci@acme.example', reason: 'checked' };
      },
    };
    const input = { reference: 'r.example/orders:v1.0.0', descriptor: artifact, from: store, store, verifier };
    expect(await verdictOn(input)).toMatchObject({ status: 'valid', signer: 'ci@acme.example' });
    const { bytes } = await readVerified(store, artifact);
    expect(asked).toMatchObject([
      { digest: artifact.digest, layers: [{ size: 2 }], signatures: [{ kind: 'referrer' }] },
    ]);
    expect(asked[0]?.manifest).toEqual(bytes);
  });
});

const POLICY = {
  enforcement: 'enforce',
  public_key_ref: { name: 'cosign-key' },
  environments: { dev: { enforcement: 'off' }, staging: { enforcement: 'warn', require_sbom: true } },
};
const configWith = (verification: unknown) =>
  registryConfigSchema.parse({ uri: 'oci://r.example/orders', auth: { type: 'anonymous' }, verification });

describe('the policy', () => {
  it('is the one for all, but in environments that have their own', () => {
    const config = configWith(POLICY);
    expect(verificationPolicyOf(config)).toMatchObject({ enforcement: 'enforce', environment: null });
    expect(verificationPolicyOf(config, 'prod')).toMatchObject({ enforcement: 'enforce', environment: null });
    expect(verificationPolicyOf(config, 'staging')).toMatchObject({
      enforcement: 'warn',
      environment: 'staging',
      requireSbom: true,
    });
    expect(verificationPolicyOf(config, 'dev')).toBeUndefined();
    expect(verificationPolicyOf(config, 'constructor')).toMatchObject({ enforcement: 'enforce' });
  });

  it('is none where nothing is to be verified', () => {
    expect(verificationPolicyOf(configWith(undefined))).toBeUndefined();
    expect(verificationPolicyOf(configWith({ enabled: false }), 'prod')).toBeUndefined();
  });

  const gate = async (environment: string, verifier?: SignatureVerifier) => {
    const { store, artifact } = await artifactWith();
    const warnings: string[] = [];
    const check = signatureGate({
      policy: verificationPolicyOf(configWith(POLICY), environment),
      place: async () => store,
      warn: (text) => warnings.push(text),
      ...(verifier && { verifier }),
    });
    const outcome = await check('r.example/orders:v1.0.0', artifact, store).catch((error: unknown) => error);
    return { outcome, warnings };
  };

  it('keeps out what is not signed', async () => {
    expect((await gate('prod')).outcome).toMatchObject({
      code: 'UNVERIFIED_SIGNATURE',
      details: { reference: 'r.example/orders:v1.0.0', status: 'unsigned', environment: null },
    });
  });

  it('lets it pass with a warning, or without a look, where that is the rule', async () => {
    expect(await gate('staging')).toEqual({
      outcome: undefined,
      warnings: [
        'r.example/orders:v1.0.0: its signature is unsigned: no signature was found',
        'r.example/orders:v1.0.0: an SBOM is asked for, and none refers to it',
      ],
    });
    expect(await gate('dev')).toEqual({ outcome: undefined, warnings: [] });
  });

  it.each(['invalid', 'unknown'] as const)(
    'keeps out what a verifier calls %s, and lets in what is valid',
    async (status) => {
      const saying = (said: typeof status | 'valid'): SignatureVerifier => ({
        verify: async () => ({ status: said, reason: 'so it is' }),
      });
      expect((await gate('prod', saying(status))).outcome).toMatchObject({ details: { status, reason: 'so it is' } });
      expect(await gate('prod', saying('valid'))).toEqual({ outcome: undefined, warnings: [] });
    },
  );
});

describe('an SBOM that the policy asks for', () => {
  const SBOM = 'application/spdx+json';
  const valid: SignatureVerifier = { verify: async () => ({ status: 'valid', reason: 'so it is' }) };
  const policy = verificationPolicyOf(configWith({ ...POLICY, require_sbom: true }));
  const pulled = async (store: MemoryStore, artifact: ManifestDescriptor, place: MemoryStore | undefined = store) =>
    signatureGate({ policy, verifier: valid, place: async () => place, warn: () => {} })(
      'r.example/o:v1',
      artifact,
      store,
    );

  it('keeps out what has none, and what nobody could look for', async () => {
    const { store, artifact } = await artifactWith();
    await refer(store, artifact, BUNDLE, COSIGN);
    const details = { reference: 'r.example/o:v1', reason: 'none refers to it', environment: null };
    await expect(pulled(store, artifact)).rejects.toMatchObject({ code: 'MISSING_SBOM', details });
    const gate = signatureGate({ policy, verifier: valid, place: async () => undefined, warn: () => {} });
    await expect(gate('r.example/o:v1', artifact, store)).rejects.toMatchObject({
      code: 'MISSING_SBOM',
      details: { reason: 'nobody could look for one' },
    });
  });

  it.each<[string, (store: MemoryStore, artifact: ManifestDescriptor) => Promise<unknown>]>([
    ['as a referrer', (store, artifact) => refer(store, artifact, SBOM)],
    [
      'as an attestation in a bundle',
      (store, artifact) =>
        refer(store, artifact, BUNDLE, { 'dev.sigstore.bundle.predicateType': 'https://spdx.dev/Document' }),
    ],
    [
      "under cosign's tag",
      (store, { digest }) => {
        const tags = [parseTag(`${digest.replace(':', '-')}.sbom`)];
        return packArtifact(store, { artifactType: SBOM, layers: [] }, { tags });
      },
    ],
    [
      "as an attestation under cosign's tag, as floe's own client makes it",
      async (store, { digest }) => {
        const bytes = new TextEncoder().encode('{}');
        const annotations = { predicateType: 'https://spdx.dev/Document' };
        const envelope = descriptorOf('application/vnd.dsse.envelope.v1+json', bytes);
        const layer = { ...envelope, annotations, open: sourceOf(bytes) };
        const tags = [parseTag(`${digest.replace(':', '-')}.att`)];
        return packArtifact(store, { artifactType: 'text/y', layers: [layer] }, { tags });
      },
    ],
  ])('is found %s', async (_, attach) => {
    const { store, artifact } = await artifactWith();
    await attach(store, artifact);
    await expect(pulled(store, artifact)).resolves.toBeUndefined();
  });

  it('is no other attestation, and where the policy only warns its absence is said', async () => {
    const { store, artifact } = await artifactWith();
    await refer(store, artifact, BUNDLE, { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' });
    const warnings: string[] = [];
    const staging = verificationPolicyOf(configWith(POLICY), 'staging');
    const warn = (text: string): void => void warnings.push(text);
    await signatureGate({ policy: staging, place: async () => store, warn })('r.example/o:v1', artifact, store);
    expect(warnings).toEqual([
      'r.example/o:v1: its signature is unsigned: no signature was found',
      'r.example/o:v1: an SBOM is asked for, and none refers to it',
    ]);
  });
});

describe('promotions', () => {
  async function promoted(annotations: Record<string, string>, ...tags: string[]) {
    const { store, artifact } = await artifactWith(annotations);
    for (const tag of tags) await store.tag(artifact, parseTag(tag));
    const other = await packArtifact(store, { artifactType: 'text/z', layers: [] });
    await store.tag(other, parseTag('v2.0.0-prod'));
    return await floePromotions.read(store, { digest: artifact.digest, annotations });
  }

  it('are tags of environments on the same manifest', async () => {
    expect(await promoted({}, 'v1.0.0-staging', 'latest-dev', 'latest-staging')).toEqual({
      status: 'promoted',
      environments: ['dev', 'staging'],
    });
  });

  it('are records in annotations, whatever they look like', async () => {
    const record = JSON.stringify({ target_environment: 'prod' });
    expect(await promoted({ 'dev.floe.promotion': record })).toEqual({ status: 'promoted', environments: ['prod'] });
    expect(await promoted({ 'dev.floe.promotion': '{' })).toEqual({ status: 'promoted', environments: [] });
  });

  it('are asked of tags that may go away meanwhile, and of no place that cannot be asked', async () => {
    const { store, artifact } = await artifactWith();
    await store.tag(artifact, parseTag('v1.0.0-prod'));
    const read = () => floePromotions.read(store, { digest: artifact.digest, annotations: {} });
    store.resolve = async (reference) => {
      throw new OciError('NOT_FOUND', 'gone', { kind: 'tag', what: reference });
    };
    expect(await read()).toEqual({ status: 'not_promoted', environments: [] });
    store.resolve = async (reference) => {
      throw new OciError('UNSUPPORTED', 'no', { what: reference });
    };
    await expect(read()).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });

  it.each(['null', '{"target_environment":1}', '{"target_environment":"Not One"}'])(
    'are there in a record %s, of no environment',
    async (record) => {
      expect(await promoted({ 'dev.floe.promotion': record })).toEqual({ status: 'promoted', environments: [] });
    },
  );

  it('are neither pre-releases nor roll-backs, nor tags of another manifest', async () => {
    expect(await promoted({}, 'v1.0.0-rc1', 'v1.0.0-beta', 'v1.0.0-prod-rollback-1', 'latest')).toEqual({
      status: 'not_promoted',
      environments: [],
    });
  });
});
