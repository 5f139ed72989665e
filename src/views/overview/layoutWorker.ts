import { parentPort, workerData } from 'node:worker_threads';
import { layoutGraph } from './layoutGraph.ts';
import type { ModelGraph } from './overview.ts';

parentPort?.postMessage(layoutGraph(workerData as ModelGraph));
