import { once } from 'node:events';
import { figuresOf, start } from './figuresOf.ts';

/** What the tree takes, in milliseconds. */
export interface TreeFigures {
  /** The first 100 of 10 000 tags, from unfolding to rows. */
  readonly firstPage: number;
  /** 40 rows in view, with what their manifests say, of 1000 tags at 20 ms a request. */
  readonly visibleRows: number;
  /** The longest time in which the process did nothing else, while 10 000 tags were filtered in four ways, 1000 rows a page. */
  readonly filtering: number;
  /** The same, while 1000 of them were scrolled past. */
  readonly scrolling: number;
}

/** Registry and tree are processes of their own. */
export async function treeFigures(): Promise<TreeFigures> {
  const peer = start('treePeer.ts');
  try {
    const [{ large, slow }] = (await once(peer, 'message')) as [{ large: string; slow: string }];
    return await figuresOf('treeProcess.ts', large, slow);
  } finally {
    peer.disconnect();
  }
}
