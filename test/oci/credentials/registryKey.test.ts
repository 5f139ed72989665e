import { describe, expect, it } from 'vitest';
import { dockerKey, matchingKeys } from '../../../src/oci/credentials/registryKey.ts';

describe('a key in a file of credentials', () => {
  it.each([
    ['r.example', 'r.example'],
    ['R.Example', 'r.example'],
    ['https://r.example', 'r.example'],
    ['https://r.example/', 'r.example'],
    ['http://r.example/v1/', 'r.example'],
    ['r.example/v2', 'r.example'],
    ['r.example:5000', 'r.example:5000'],
    ['[::1]:5000', '[::1]:5000'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
  ])('%s is for %s', (key, registry) => {
    expect(matchingKeys([key], registry, 'team/app')).toEqual([key]);
  });

  it.each([
    ['r.example', 'r.example:5000'],
    ['r.example:5000', 'r.example'],
    ['r.example', 'x.r.example'],
    ['r.example', 'xr.example'],
    ['r.example', 'r.example.evil.example'],
    ['r.example.evil.example', 'r.example'],
    ['example', 'r.example'],
    ['https://evil.example/r.example', 'r.example'],
    ['https://user@r.example', 'r.example'],
    ['evil-docker.io', 'docker.io'],
    ['https://auth.docker.io/', 'docker.io'],
    ['*.example', 'r.example'],
    ['', 'r.example'],
  ])('%j is not for %s', (key, registry) => {
    expect(matchingKeys([key], registry, 'team/app')).toEqual([]);
  });

  it('with a path is for the repositories in it, and the longest one wins', () => {
    const keys = ['r.example', 'r.example/team', 'r.example/team/app', 'r.example/tea', 'r.example/team/app/deep'];
    expect(matchingKeys(keys, 'r.example', 'team/app')).toEqual(['r.example/team/app', 'r.example/team', 'r.example']);
    expect(matchingKeys(keys, 'r.example', 'team')).toEqual(['r.example/team', 'r.example']);
    expect(matchingKeys(keys, 'r.example', undefined)).toEqual(['r.example']);
  });

  it('that Docker would write goes before other spellings', () => {
    expect(matchingKeys(['https://r.example', 'r.example'], 'r.example', undefined)[0]).toBe('r.example');
    expect(matchingKeys(['docker.io', 'https://index.docker.io/v1/'], 'docker.io', undefined)[0]).toBe(
      dockerKey('docker.io'),
    );
  });
});
