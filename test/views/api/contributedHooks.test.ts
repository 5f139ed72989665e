import { beforeEach, describe, expect, it } from 'vitest';
import type { SignatureVerifier } from '../../../floe-oci.d.ts';
import type { VerificationRequest } from '../../../src/floe/signatureVerifier.ts';
import { descriptorOf, MediaType, MemoryStore, silentLogger } from '../../../src/oci/index.ts';
import { ContributedHooks } from '../../../src/views/api/contributedHooks.ts';
import { HookSlots } from '../../../src/views/api/hookSlots.ts';

const manifest = new TextEncoder().encode('{}');
const descriptor = descriptorOf(MediaType.imageManifest, manifest);
const request: VerificationRequest = {
  reference: 'r.example/orders:v1.0.0',
  descriptor,
  digest: descriptor.digest,
  manifest,
  layers: [],
  signatures: undefined,
  policy: undefined,
};
const signing = {
  reference: 'r.example/orders:v1.0.0',
  descriptor,
  target: new MemoryStore(),
  signing: { mode: 'keyless', rekor_url: 'https://r.example', fulcio_url: 'https://f.example' },
} as const;

let slots: HookSlots;
let hooks: ContributedHooks;
beforeEach(() => {
  slots = new HookSlots();
  hooks = new ContributedHooks(slots, silentLogger);
});

const answering = (answer: unknown): SignatureVerifier => ({ verify: async () => answer as never });

describe('a signature verifier of another extension', () => {
  it('is asked with the verified bytes, and its verdict counts', async () => {
    expect(hooks.verifier).toBeUndefined();
    const asked: unknown[] = [];
    slots.add('verifier', {
      verify: async (given) => {
        asked.push(given);
        return { status: 'valid', reason: 'checked', signer: 'ci@acme.example' };
      },
    });
    expect(await hooks.verifier?.verify(request)).toEqual({
      status: 'valid',
      reason: 'checked',
      signer: 'ci@acme.example',
    });
    expect(asked).toEqual([{ reference: request.reference, digest: descriptor.digest, manifest, layers: [] }]);
  });

  it.each([
    ['throws', { verify: () => Promise.reject(new Error('no roots of trust')) } as SignatureVerifier],
    ['answers nothing', answering(undefined)],
    ['answers something else', answering({ status: 'fine', reason: '' })],
    ['answers what looks like yes', answering(true)],
  ])('that %s lets nothing through', async (_, verifier) => {
    slots.add('verifier', verifier);
    expect(await hooks.verifier?.verify(request)).toEqual({ status: 'unknown', reason: 'the verifier gave no answer' });
  });

  it('is there once, and gone when it is taken back', async () => {
    const first = slots.add('verifier', answering({ status: 'valid', reason: 'one' }));
    expect(() => slots.add('verifier', answering(undefined))).toThrow('Another extension has registered');
    expect(() => slots.add('verifier', {} as SignatureVerifier)).toThrow(TypeError);
    first.dispose();
    expect(hooks.verifier).toBeUndefined();
    slots.add('verifier', answering({ status: 'invalid', reason: 'two' }));
    first.dispose();
    expect(await hooks.verifier?.verify(request)).toMatchObject({ status: 'invalid' });
  });
});

describe('an artifact signer of another extension', () => {
  it('is told what to sign, and one that fails has not signed', async () => {
    const asked: unknown[] = [];
    const signer = slots.add('signer', {
      sign: async (given) => {
        asked.push(given);
        return { signer: 'ci@acme.example' };
      },
    });
    expect(await hooks.signer?.sign(signing)).toEqual({ signer: 'ci@acme.example' });
    expect(asked).toEqual([{ reference: signing.reference, digest: descriptor.digest, mode: 'keyless' }]);
    signer.dispose();
    slots.add('signer', { sign: () => Promise.reject(new Error('no browser')) });
    expect(await hooks.signer?.sign(signing)).toBeUndefined();
  });
});
