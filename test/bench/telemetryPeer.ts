// The other side of test/bench/telemetry.ts, in a process of its own, so that what it costs is not counted: a registry at the
// end of a line, and a collector. Tells where they are, and ends with whoever started it.
import { startOtlpReceiver } from '../support/otlp/receiver.ts';
import { startRegistry } from '../support/registry/index.ts';
import { startDelayingProxy } from './proxy/delaying.ts';

/** Milliseconds that a round trip takes besides: a registry in the same region. */
const ROUND_TRIP = 10;

const registry = await startRegistry();
const collector = await startOtlpReceiver();
const line = await startDelayingProxy(registry.host, ROUND_TRIP);
process.send?.({ registry: line.host, collector: collector.url });
process.on('disconnect', () => process.exit());
