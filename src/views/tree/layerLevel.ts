import { type LayerEntry, listLayer } from '../../oci/index.ts';
import type { Level, LevelOptions } from './level.ts';
import type { ContentNode, EntryNode, Node } from './node.ts';

/** What is in a layer that is a tar archive, as folders. Of a large one, a row that says how large it is, and reads it. */
export async function readLayerEntries(layer: ContentNode, { signal, mayRead }: LevelOptions): Promise<Level> {
  const { place, repository, descriptor } = layer;
  if (!mayRead(descriptor)) {
    return { nodes: [{ kind: 'largeLayer', id: `${layer.id}|large`, size: descriptor.size, parent: layer }] };
  }
  const store = await place.reader(repository, { signal });
  const { entries, isCut } = await listLayer(store, descriptor, { signal });
  const nodes: readonly Node[] = nestEntries(layer, entries);
  return {
    nodes: isCut
      ? [...nodes, { kind: 'cutLayer', id: `${layer.id}|cut`, shown: entries.length, parent: layer }]
      : nodes,
  };
}

/** Folders in folders; nobody unfolds more. */
const MAX_DEPTH = 32;

type Folder = Omit<EntryNode, 'children'> & { readonly children: Map<string, Folder> };

/** Folders first, then the rest, by name. Folders that only the names of others tell of are made; of one name the last counts. */
function nestEntries(layer: ContentNode, entries: readonly LayerEntry[]): readonly EntryNode[] {
  const root = new Map<string, Folder>();
  for (const { path, type, size, target } of entries) {
    let level = root;
    const parts = partsOf(path);
    for (const [at, name] of parts.entries()) {
      const isLast = at === parts.length - 1;
      const known = level.get(name);
      const entry = isLast ? { type, size, target } : { type: 'folder' as const, size: 0, target: '' };
      if (known === undefined || (isLast && type !== 'folder')) {
        const whole = parts.slice(0, at + 1).join('/');
        const { place, repository, tag, id } = layer;
        const common = {
          kind: 'entry',
          id: `${id}|/${whole}`,
          place,
          repository,
          tag,
          layer,
          name,
          path: whole,
        } as const;
        level.set(name, { ...common, ...entry, parent: layer, children: known?.children ?? new Map() });
      }
      level = level.get(name)?.children ?? new Map();
    }
  }
  return sorted(root, layer);
}

/** Whatever is deeper is one part. */
function partsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.length <= MAX_DEPTH ? parts : [...parts.slice(0, MAX_DEPTH - 1), parts.slice(MAX_DEPTH - 1).join('/')];
}

function sorted(level: ReadonlyMap<string, Folder>, parent: ContentNode | EntryNode): readonly EntryNode[] {
  const isFolder = ({ type }: Folder): boolean => type === 'folder';
  const rows = [...level.values()].sort(
    (a, b) => Number(isFolder(b)) - Number(isFolder(a)) || (a.name < b.name ? -1 : 1),
  );
  return rows.map((row) => {
    const node: EntryNode & { children: readonly EntryNode[] } = { ...row, parent, children: [] };
    node.children = sorted(row.children, node);
    return node;
  });
}
