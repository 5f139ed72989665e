import { afterEach, describe, expect, it, vi } from 'vitest';
import { askCloud } from '../../../../src/oci/credentials/cloud/askCloud.ts';
import { OciError } from '../../../../src/oci/errors.ts';

const NEVER = new AbortController().signal;
afterEach(() => {
  vi.useRealTimers();
});

const failing = (error: unknown): Promise<never> =>
  askCloud('aws-irsa', NEVER, () => Promise.reject(error)).then(
    () => expect.unreachable(),
    (failure: unknown) => Promise.reject(failure),
  );

describe('what a cloud says', () => {
  it.each([
    [Object.assign(new Error('no rights'), { name: 'AccessDeniedException' }), 'AccessDeniedException: no rights'],
    [Object.assign(new Error('no way'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED: no way'],
    [new Error('failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }), 'ENOTFOUND: failed'],
    [Object.assign(new Error('Error code invalid_grant: no'), { code: '400' }), '400: Error code invalid_grant: no'],
    ['a string', 'a string'],
  ])('is said with its code: %s', async (error, reason) => {
    const details = { reference: 'aws-irsa', reason };
    await expect(failing(error)).rejects.toMatchObject({ code: 'MISSING_CREDENTIAL', details });
  });

  it.each([
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAIOSFODNN7EXAMPLE',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1'.slice(0, 40),
    'ya29.a0AfH6SMBx-something',
    'IQoJb3JpZ2luX2VjE'.repeat(8),
  ])('is said without what looks like a secret: %s', async (secret) => {
    const failure = await failing(new Error(`the token ${secret} is wrong`)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ details: { reason: 'the token *** is wrong' } });
    expect(failure).not.toHaveProperty('cause');
    expect(JSON.stringify(failure) + String(failure)).not.toContain(secret);
  });

  it.each([
    'User: arn:aws:sts::123456789012:assumed-role/FederatedWebIdentityRole-1ABCDEFGHIJKL/floe',
    'no file /var/run/secrets/azure/tokens/azure-identity-token',
    'Trace ID: 255d1aef-8c98-452f-ac51-23d051240864',
  ])('keeps the names that help: %s', async (text) => {
    await expect(failing(new Error(text))).rejects.toMatchObject({ details: { reason: text } });
  });

  it('is one line, and not a page', async () => {
    const failure = await failing(new Error(`first\n\u001b[31m${'word '.repeat(500)}`)).catch(
      (error: unknown) => error,
    );
    const { reason } = (failure as OciError<'MISSING_CREDENTIAL'>).details;
    expect(reason.length).toBeLessThan(500);
    expect(reason).not.toMatch(/\p{Cc}/u);
  });

  it('that is an error of ours already stays as it is', async () => {
    const own = new OciError('DENIED', 'no', { registry: 'contoso.azurecr.io', reason: 'no' });
    await expect(failing(own)).rejects.toBe(own);
  });
});

describe('a cloud that says nothing', () => {
  it('is waited for until whoever asked has left', async () => {
    const controller = new AbortController();
    const asked = askCloud('aws-irsa', controller.signal, () => new Promise<never>(() => {}));
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('is waited for a minute, and told that it was', async () => {
    vi.useFakeTimers();
    let signal: AbortSignal | undefined;
    const asked = askCloud('aws-irsa', NEVER, (own) => {
      signal = own;
      return new Promise<never>(() => {});
    });
    const outcome = expect(asked).rejects.toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'aws-irsa', reason: 'the cloud did not answer in a minute' },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome;
    expect(signal?.aborted).toBe(true);
  });
});
