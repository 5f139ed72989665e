import { isMap, isScalar, type Scalar, visit, type YAMLMap } from 'yaml';
import { parseYaml } from '../../floe/yamlDocuments.ts';
import type { RegistryReference } from '../../oci/index.ts';
import { type FoundReference, referenceIn, withVersion } from './foundReference.ts';

/**
 * References in YAML whose registry is written out:
 *
 * * `image:` of Kubernetes, Compose and others
 * * `repository:` beside `tag:` or `digest:`, with `registry:` or without: values of Helm charts
 * * `repository: oci://…` beside `name:` and `version:`: dependencies of a Chart.yaml
 * * `url: oci://…` beside `ref:`: Flux
 * * any other value that is an `oci://` reference as a whole
 *
 * A file that is broken, or a template, gives what can be read of it; one that nests deeper than anybody writes, nothing.
 */
export function referencesInYaml(text: string): readonly FoundReference[] {
  const found: FoundReference[] = [];
  for (const document of parseYaml(text).documents) {
    visit(document, {
      Map: (_key, map) => {
        for (const { key, value } of map.items) {
          if (!isScalar(key) || !isScalar(value)) continue;
          const reference = referenceOf(map, String(key.value), value);
          if (reference !== undefined && value.range) {
            const [start, end] = value.range;
            found.push({ start, end, reference });
          }
        }
      },
      Seq: (_key, { items }) => {
        for (const item of items) {
          const written = isScalar(item) ? textOf(item) : undefined;
          const reference = written?.startsWith('oci://') ? referenceIn(written) : undefined;
          if (reference !== undefined && isScalar(item) && item.range) {
            const [start, end] = item.range;
            found.push({ start, end, reference });
          }
        }
      },
    });
  }
  return found;
}

function referenceOf(map: YAMLMap, key: string, value: Scalar): RegistryReference | undefined {
  const written = textOf(value);
  if (written === undefined) return undefined;
  const isOci = written.startsWith('oci://');
  if (key === 'repository') {
    const [name, version] = [textAt(map, 'name'), textAt(map, 'version')];
    if (isOci && name !== undefined) {
      const chart = referenceIn(`${written.replace(/\/$/, '')}/${name}`);
      return chart && withVersion(chart, version);
    }
    const tag = textAt(map, 'digest') ?? textAt(map, 'tag');
    const registry = textAt(map, 'registry');
    if (!isOci && tag === undefined) return undefined;
    const image = referenceIn(
      registry === undefined ? written : `oci://${registry.replace(/^oci:\/\//, '')}/${written}`,
    );
    return image && withVersion(image, tag);
  }
  if (!isOci && key !== 'image') return undefined;
  const reference = referenceIn(written);
  if (reference === undefined || key !== 'url') return reference;
  const ref: unknown = map.get('ref', true);
  return isMap(ref) ? withVersion(reference, textAt(ref, 'digest') ?? textAt(ref, 'tag')) : reference;
}

function textAt(map: YAMLMap, key: string): string | undefined {
  const value: unknown = map.get(key, true);
  return isScalar(value) ? textOf(value) : undefined;
}

/** As it is written: `tag: 1.10` is no number. */
function textOf({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? source : undefined;
}
