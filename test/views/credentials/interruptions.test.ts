import { describe, expect, it } from 'vitest';
import { Interruptions } from '../../../src/views/credentials/interruptions.ts';
import { LastingPins } from '../../../src/views/credentials/lastingPins.ts';
import { SecretReferences } from '../../../src/views/credentials/secretReferences.ts';
import { MemorySecrets } from '../support/secrets.ts';
import { MemoryState } from '../support/state.ts';

const yes = async () => true;

describe('a question', () => {
  it('is not asked before the user has done anything', async () => {
    let asked = 0;
    const question = async () => {
      asked += 1;
      return true;
    };
    expect(await new Interruptions().ask(question)).toBeUndefined();
    expect(asked).toBe(0);
  });

  it('is asked when it comes of what the user does, even when that is known only a moment later', async () => {
    const interruptions = new Interruptions();
    const early = interruptions.ask(yes);
    interruptions.allow();
    expect(await early).toBe(true);
    expect(await interruptions.ask(yes)).toBe(true);
  });

  it('is not asked when something else has happened since', async () => {
    const interruptions = new Interruptions();
    interruptions.allow();
    interruptions.forbid();
    expect(await interruptions.ask(yes)).toBeUndefined();
    interruptions.allow();
    expect(await interruptions.ask(yes)).toBe(true);
  });
});

describe('a question that nobody was asked', () => {
  it('is no refusal of a secret: it is asked when the user tries again', async () => {
    let answer: boolean | undefined;
    const references = new SecretReferences(new MemorySecrets(), { isTrusted: () => true, ask: async () => answer });
    const credential = { kind: 'basic', username: 'ada', password: 'horse', source: 'env' } as const;
    const reference = { source: 'env', name: 'robot' } as const;
    const source = references.sourceFor(reference, 'r.example', { credentialFor: async () => credential });
    expect(await source.credentialFor('r.example')).toBeUndefined();
    answer = true;
    expect(await source.credentialFor('r.example')).toEqual(credential);
  });

  it('is no refusal of a token server either', async () => {
    let answer: boolean | undefined;
    const pins = new LastingPins(new MemoryState(), async () => answer);
    const change = { registry: 'r.example', from: undefined, to: 'https://auth.example' };
    expect(await pins.allows(change)).toBe(false);
    answer = true;
    expect(await pins.allows(change)).toBe(true);
  });
});
