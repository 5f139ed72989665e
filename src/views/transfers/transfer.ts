import type { Operation, OperationFacts, TransferEvent } from '../../oci/index.ts';
import { cancelled } from '../../oci/index.ts';
import { TransferMeter } from './meter.ts';

/** What a transfer works with. */
export interface TransferCall {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TransferEvent) => void;
  /** Adds to what is known of the operation, for the Activity view, the log and traces. Default: nobody looks. */
  readonly tell?: (facts: OperationFacts) => void;
}

/** Something that takes its time because content moves. It may be run again after it has failed. */
export interface Job<T> {
  /** What the user sees meanwhile: `Pushing to ghcr.io/team/product:1.2.0`. */
  readonly title: string;
  /** For the log. */
  readonly action: string;
  /** What it is for those who look at it, and what it is about. */
  readonly operation: Operation;
  readonly about: OperationFacts;
  run(call: TransferCall): Promise<T>;
  /** What follows when it went well: the tree, and one message with what can be done next. */
  done(result: T): Promise<void>;
}

/** `failed` is also one that was cancelled: it can be done again. */
export type TransferState = 'waiting' | 'running' | 'failed' | 'done';

/** A job on its way. */
export class Transfer {
  readonly title: string;
  /** Runs the job once; what is to be done when it went well is the answer. */
  readonly run: (call: TransferCall) => Promise<() => Promise<void>>;
  readonly action: string;
  readonly operation: Operation;
  readonly about: OperationFacts;
  state: TransferState = 'waiting';
  meter = new TransferMeter();
  #controller = new AbortController();

  constructor(job: Job<unknown>) {
    this.title = job.title;
    this.action = job.action;
    this.operation = job.operation;
    this.about = job.about;
    this.run = async (call) => {
      const result = await job.run(call);
      return () => job.done(result);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    this.#controller.abort(cancelled());
  }

  /** As it was before its first run. */
  reset(): void {
    this.state = 'waiting';
    this.meter = new TransferMeter();
    this.#controller = new AbortController();
  }
}
