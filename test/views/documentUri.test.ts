import { describe, expect, it } from 'vitest';
import { Uri } from 'vscode';
import { descriptorOf, parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { documentUri, parseDocumentUri } from '../../src/views/documentUri.ts';
import { LayoutPlace } from '../../src/views/layoutPlace.ts';
import { blob } from '../support/artifacts.ts';
import { failure } from '../support/failure.ts';
import { localPlace, registryPlace } from './support/places.ts';

const repository = parseRepositoryName('team/product');
const tag = parseTag('1.2.0');
const manifest = descriptorOf('application/vnd.oci.image.manifest.v1+json', new TextEncoder().encode('{}'));
const { digest } = manifest;
const place = registryPlace('registry.example.com:5000');

describe('the address of a document', () => {
  it('is the host, the repository with the digest, and a name for the tab', () => {
    const uri = documentUri({ place, repository, tag, role: 'manifest', descriptor: manifest });
    expect(uri).toMatchObject({
      scheme: 'oci',
      authority: 'registry.example.com:5000',
      path: `/team/product@${digest}/product@1.2.0.manifest.json`,
      query: 'ref=1.2.0',
    });
  });

  it('has the digest in its name where there is no tag', () => {
    const uri = documentUri({ place, repository, role: 'manifest', descriptor: manifest });
    expect(uri.path).toBe(`/team/product@${digest}/product@${digest.slice(7, 19)}.manifest.json`);
    expect(uri.query).toBe('');
  });

  it('comes back whole from its parts', () => {
    const { descriptor } = blob('x', { title: 'report.json' });
    const uri = documentUri({ place, repository, tag, role: 'layer', descriptor, manifest: digest });
    expect(parseDocumentUri(uri)).toEqual({
      place: { kind: 'registry', registry: 'registry.example.com:5000' },
      repository,
      digest: descriptor.digest,
      tag,
      manifest: digest,
    });
  });

  it('of the Local store has a scheme of its own', () => {
    const uri = documentUri({ place: localPlace(), repository, tag, role: 'manifest', descriptor: manifest });
    expect(uri).toMatchObject({ scheme: 'oci-layout', authority: 'local' });
    expect(parseDocumentUri(uri).place).toEqual({ kind: 'local' });
  });

  it('of any other layout is its folder, which may have an @ in its name', () => {
    const layout = new LayoutPlace('/backup/at@home/My Product');
    const [own] = layout.pinned;
    if (own === undefined) throw new Error('A layout has a name');
    const uri = documentUri({ place: layout, repository: own, tag, role: 'manifest', descriptor: manifest });
    expect(uri).toMatchObject({
      scheme: 'oci-layout',
      authority: '',
      path: `/backup/at@home/My Product@${digest}/my-product@1.2.0.manifest.json`,
    });
    expect(parseDocumentUri(uri)).toMatchObject({
      place: { kind: 'layout', path: '/backup/at@home/My Product' },
      repository: 'my-product',
      digest,
    });
  });

  it('says where JSON is laid out to be compared', () => {
    const uri = documentUri({ place, repository, tag, role: 'manifest', descriptor: manifest, isIndented: true });
    expect(uri.query).toBe('ref=1.2.0&indented=true');
    expect(parseDocumentUri(uri)).toMatchObject({ isIndented: true });
  });

  it.each([
    ['dbt/manifest.json', 'manifest.json'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['a?b#c%2f\u202e.json', 'a_b_c_2f.json'],
    ['', 'layer.bin'],
    ['/', 'layer.bin'],
  ])('makes a file name of the title %j', (title, name) => {
    const { descriptor } = blob('x', { title });
    expect(documentUri({ place, repository, tag, role: 'layer', descriptor }).path).toMatch(
      new RegExp(`/product@1\\.2\\.0\\.${name.replaceAll('.', '\\.')}$`),
    );
  });

  it.each([
    ['application/vnd.x.v1+json', 'layer.json'],
    ['application/vnd.oci.image.layer.v1.tar+gzip', 'layer.tar.gz'],
    ['application/vnd.oci.image.layer.v1.tar', 'layer.tar'],
  ])('names a layer without title by its media type %s', (mediaType, name) => {
    const { descriptor } = blob('x', { mediaType });
    expect(documentUri({ place, repository, tag, role: 'layer', descriptor }).path).toContain(`@1.2.0.${name}`);
  });
});

describe('an address that somebody else wrote', () => {
  const good = { scheme: 'oci', authority: 'r.example', path: `/a/b@${digest}/x.json`, query: '' };

  it('is read by its components', () => {
    expect(parseDocumentUri(Uri.from(good))).toMatchObject({ repository: 'a/b', digest });
  });

  it.each([
    [{ scheme: 'file' }, 'scheme'],
    [{ scheme: 'oci-layout', authority: 'elsewhere' }, 'scheme'],
    [{ authority: 'not a host' }, 'registry'],
    [{ authority: '' }, 'registry'],
    [{ path: `/A/b@${digest}/x.json` }, 'repository'],
    [{ path: `/../b@${digest}/x.json` }, 'repository'],
    [{ path: '/a/b@sha256:12/x.json' }, 'digest'],
    [{ path: `/a/b@${digest}` }, 'path'],
    [{ path: `/a/b@${digest}/x/y.json` }, 'path'],
    [{ path: '/a/b' }, 'path'],
    [{ query: 'ref=.bad' }, 'tag'],
    [{ query: 'manifest=nonsense' }, 'digest'],
  ])('is refused with %j', (wrong, part) => {
    expect(() => parseDocumentUri(Uri.from({ ...good, ...wrong }))).toThrow(failure('INVALID_REFERENCE', { part }));
  });
});
