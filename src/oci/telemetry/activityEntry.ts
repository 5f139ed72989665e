import type { LogFields, Logger } from './logger.ts';
import type { Operation } from './names.ts';
import type { Facts } from './telemetry.ts';

/** An error as it may be shown: redacted, each text on one line. */
export interface ActivityFailure {
  readonly code: string;
  readonly message: string;
  /** What lay underneath, outermost first. */
  readonly causes: readonly string[];
}

/** A line of the log that was written while an operation ran, whatever the level of the log. */
export interface ActivityLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

/** Something that somebody has asked for: how far it is, or how it ended. Times are milliseconds since 1970. */
export interface ActivityEntry {
  /** Counts up from 1. */
  readonly id: number;
  readonly operation: Operation;
  readonly state: 'running' | 'success' | 'failure' | 'cancelled';
  /** The attributes of its span. */
  readonly facts: Facts;
  readonly startedAt: number;
  /** Milliseconds; undefined while it runs. */
  readonly duration: number | undefined;
  readonly requests: number;
  /** Requests that had been sent before. */
  readonly retries: number;
  /** Bytes of bodies. */
  readonly sent: number;
  readonly received: number;
  readonly failure: ActivityFailure | undefined;
  /** The first and the last of them, where there were many. */
  readonly lines: readonly ActivityLine[];
}

/** How one request went, until its headers were in. */
export interface RequestSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  /** There was no answer, or one that says that the registry cannot now. */
  readonly isFailed: boolean;
}
