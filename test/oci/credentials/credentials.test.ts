import { describe, expect, it, vi } from 'vitest';
import {
  anonymous,
  basicAuthorization,
  type Credential,
  chain,
  fixed,
} from '../../../src/oci/credentials/credentials.ts';

const ALICE: Credential = { kind: 'basic', username: 'alice', password: 'secret', source: 'test' };
const BOB: Credential = { ...ALICE, username: 'bob' };

describe('a fixed credential', () => {
  it.each([
    ['r.example', 'r.example'],
    ['R.Example', 'r.example'],
    ['localhost:5000', 'localhost:5000'],
    ['docker.io', 'registry-1.docker.io'],
    ['index.docker.io', 'docker.io'],
  ])('for %s is the credential of %s', async (own, asked) => {
    expect(await fixed(ALICE, own).credentialFor(asked)).toBe(ALICE);
  });

  it.each([
    ['r.example', 'r.example:5000'],
    ['r.example:5000', 'r.example'],
    ['r.example', 'x.r.example'],
    ['r.example', 'r.example.evil.example'],
    ['r.example', 'xr.example'],
    ['docker.io', 'evil-docker.io'],
    ['docker.io', 'auth.docker.io'],
    ['docker.io', 'docker.io.evil.example'],
  ])('for %s is none of %s', async (own, asked) => {
    expect(await fixed(ALICE, own).credentialFor(asked)).toBeUndefined();
  });

  it('for something that is no registry is refused', () => {
    expect(() => fixed(ALICE, 'https://r.example/')).toThrow(expect.objectContaining({ code: 'INVALID_REFERENCE' }));
  });
});

describe('a chain', () => {
  it('takes the first that is known and asks no further', async () => {
    const last = { credentialFor: vi.fn(async () => BOB) };
    expect(
      await chain(anonymous, fixed(BOB, 'other.example'), fixed(ALICE, 'r.example'), last).credentialFor('r.example'),
    ).toBe(ALICE);
    expect(last.credentialFor).not.toHaveBeenCalled();
  });

  it('knows none when nobody does', async () => {
    expect(await chain().credentialFor('r.example')).toBeUndefined();
    expect(await chain(anonymous, anonymous).credentialFor('r.example')).toBeUndefined();
  });

  it('hands the signal on and fails with the source', async () => {
    const { signal } = new AbortController();
    const source = { credentialFor: vi.fn(async () => Promise.reject(new Error('locked'))) };
    await expect(chain(source, fixed(ALICE, 'r.example')).credentialFor('r.example', { signal })).rejects.toThrow(
      'locked',
    );
    expect(source.credentialFor).toHaveBeenCalledWith('r.example', { signal });
  });
});

describe('a Basic authorization', () => {
  it('is UTF-8, and may have an empty password', () => {
    expect(basicAuthorization({ ...ALICE, username: 'ä', password: '' })).toBe(
      `Basic ${Buffer.from('ä:').toString('base64')}`,
    );
    expect(basicAuthorization({ ...ALICE, password: 'a:b' })).toBe(
      `Basic ${Buffer.from('alice:a:b').toString('base64')}`,
    );
  });

  it.each([
    ['username', { username: 'a:b' }],
    ['username', { username: 'a\nb' }],
    ['password', { password: 'secret\n' }],
    ['password', { password: '\u0000' }],
  ])('says that the %s cannot be sent, and not what it is', (argument, part) => {
    expect(() => basicAuthorization({ ...ALICE, ...part })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.not.stringContaining('secret'),
        details: expect.objectContaining({ argument, value: '***' }),
      }),
    );
  });
});
