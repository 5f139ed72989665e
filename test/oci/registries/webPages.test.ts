import { expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../../src/oci/registries/providerName.ts';
import { hasWebPages, homePageOf } from '../../../src/oci/registries/webPages.ts';

const api = new URL('https://r.example:8443/v2/');

it('the first page is at the registry itself, or at the address of whoever runs it', () => {
  expect(homePageOf('harbor', api)?.href).toBe('https://r.example:8443/');
  expect(homePageOf('gar', api)?.href).toBe('https://console.cloud.google.com/artifacts');
  expect(homePageOf('distribution', api)).toBeUndefined();
});

it('whoever has a first page has others, and all are of the web', () => {
  for (const name of PROVIDER_NAMES) {
    const home = homePageOf(name, api);
    if (home === undefined) continue;
    expect(home.protocol).toBe('https:');
    expect(hasWebPages(name)).toBe(true);
  }
  expect(hasWebPages('distribution')).toBe(false);
  expect(hasWebPages('gitlab')).toBe(true);
});
