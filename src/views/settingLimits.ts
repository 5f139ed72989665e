import { l10n } from 'vscode';

/** A setting that is a number, and what is accepted for it. */
interface NumberSetting {
  readonly default: number;
  readonly minimum: number;
  /** Absent: any that a number can hold. */
  readonly maximum?: number;
  readonly isWhole: boolean;
}

/**
 * The settings that are numbers, without `floeOci.`. The limits of `cache`, `retry` and `circuitBreaker` are those of
 * manifest.yaml, so that the same values are accepted in both.
 */
export const NUMBER_SETTINGS = {
  'tree.pageSize': whole(100, 1, 10_000),
  'transfer.concurrency': whole(8, 1, 64),
  'cache.maxSizeGb': whole(10, 1),
  'cache.ttlHours': whole(24, 1),
  'retry.maxAttempts': whole(3, 1, 10),
  'retry.initialDelayMs': whole(1000, 100),
  'retry.backoffMultiplier': { default: 2, minimum: 1, maximum: 5, isWhole: false },
  'retry.maxDelayMs': whole(30_000, 1000),
  'circuitBreaker.failureThreshold': whole(5, 1),
  'circuitBreaker.recoveryTimeoutMs': whole(60_000, 1000),
  'circuitBreaker.halfOpenRequests': whole(1, 1),
} as const satisfies Record<string, NumberSetting>;

/** The settings that are true or false, without `floeOci.`, with their defaults. */
export const SWITCHES = {
  'cache.enabled': true,
  'retry.jitter': true,
  'circuitBreaker.enabled': true,
  'otel.enabled': false,
} as const;

/** A setting that is a number. */
export type NumberSettingName = keyof typeof NUMBER_SETTINGS;
/** A setting that is on or off. */
export type SwitchName = keyof typeof SWITCHES;

/** The value where it is one that is accepted, else undefined. */
export function acceptedNumber(name: NumberSettingName, value: unknown): number | undefined {
  const { minimum, maximum = Number.MAX_SAFE_INTEGER, isWhole }: NumberSetting = NUMBER_SETTINGS[name];
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) return undefined;
  return !isWhole || Number.isInteger(value) ? value : undefined;
}

/** As a clause. */
export function acceptedFor(name: NumberSettingName): string {
  const { minimum, maximum, isWhole }: NumberSetting = NUMBER_SETTINGS[name];
  if (maximum === undefined) {
    return isWhole ? l10n.t('a whole number from {0} up', minimum) : l10n.t('a number from {0} up', minimum);
  }
  return isWhole
    ? l10n.t('a whole number from {0} to {1}', minimum, maximum)
    : l10n.t('a number from {0} to {1}', minimum, maximum);
}

function whole(standard: number, minimum: number, maximum?: number): NumberSetting {
  return { default: standard, minimum, isWhole: true, ...(maximum === undefined ? {} : { maximum }) };
}
