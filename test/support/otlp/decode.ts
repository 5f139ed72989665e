/** How a field of a message of OTLP is read: as a value of its own, or as a message. */
type Field = readonly [
  name: string,
  kind: 'text' | 'hex' | 'number' | 'bool' | 'fixed' | 'double' | 'fixeds' | 'doubles' | Message,
  repeated?: 'all',
];
interface Message {
  readonly [number: number]: Field;
}

const VALUE: Message = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'number'],
  4: ['doubleValue', 'double'],
};
const ATTRIBUTE: Message = { 1: ['key', 'text'], 2: ['value', VALUE] };
const RESOURCE: Message = { 1: ['attributes', ATTRIBUTE, 'all'] };
const SCOPE: Message = { 1: ['name', 'text'], 2: ['version', 'text'] };
const EVENT: Message = { 2: ['name', 'text'], 3: ['attributes', ATTRIBUTE, 'all'] };
const SPAN: Message = {
  1: ['traceId', 'hex'],
  2: ['spanId', 'hex'],
  4: ['parentSpanId', 'hex'],
  5: ['name', 'text'],
  6: ['kind', 'number'],
  9: ['attributes', ATTRIBUTE, 'all'],
  11: ['events', EVENT, 'all'],
  15: ['status', { 2: ['message', 'text'], 3: ['code', 'number'] }],
};
const POINT: Message = { 4: ['asDouble', 'double'], 6: ['asInt', 'fixed'], 7: ['attributes', ATTRIBUTE, 'all'] };
const HISTOGRAM: Message = {
  4: ['count', 'fixed'],
  5: ['sum', 'double'],
  6: ['bucketCounts', 'fixeds'],
  7: ['explicitBounds', 'doubles'],
  9: ['attributes', ATTRIBUTE, 'all'],
};
const METRIC: Message = {
  1: ['name', 'text'],
  3: ['unit', 'text'],
  5: ['gauge', { 1: ['dataPoints', POINT, 'all'] }],
  7: ['sum', { 1: ['dataPoints', POINT, 'all'], 3: ['isMonotonic', 'bool'] }],
  9: ['histogram', { 1: ['dataPoints', HISTOGRAM, 'all'] }],
};

/** https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/trace/v1/trace.proto */
export const TRACES: Message = {
  1: [
    'resourceSpans',
    { 1: ['resource', RESOURCE], 2: ['scopeSpans', { 1: ['scope', SCOPE], 2: ['spans', SPAN, 'all'] }, 'all'] },
    'all',
  ],
};
/** https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/metrics/v1/metrics.proto */
export const METRICS: Message = {
  1: [
    'resourceMetrics',
    { 1: ['resource', RESOURCE], 2: ['scopeMetrics', { 1: ['scope', SCOPE], 2: ['metrics', METRIC, 'all'] }, 'all'] },
    'all',
  ],
};

/** Protobuf as the JSON that OTLP has for the same. https://protobuf.dev/programming-guides/encoding/ */
export function decode(bytes: Buffer, message: Message): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const [field, wire] = [message[key >>> 3], key & 7];
    const start = at;
    let raw: Buffer | number;
    if (wire === 0) raw = varint();
    else {
      const length = wire === 2 ? varint() : wire === 1 ? 8 : 4;
      raw = bytes.subarray(at, at + length);
      at += length;
    }
    if (at <= start) throw new Error('the message does not go on');
    if (field === undefined) continue;
    const [name, kind, repeated] = field;
    const value = readValue(raw, kind);
    if (repeated) decoded[name] = [...((decoded[name] as unknown[] | undefined) ?? []), value];
    else decoded[name] = value;
  }
  return decoded;
}

function readValue(raw: Buffer | number, kind: Field[1]): unknown {
  if (typeof raw === 'number') return kind === 'bool' ? raw === 1 : raw;
  if (typeof kind === 'object') return decode(raw, kind);
  const eights = Array.from({ length: raw.length / 8 }, (_, index) => index * 8);
  switch (kind) {
    case 'text':
      return raw.toString('utf8');
    case 'hex':
      return raw.toString('hex');
    case 'fixed':
      return Number(raw.readBigInt64LE());
    case 'double':
      return raw.readDoubleLE();
    case 'fixeds':
      return eights.map((offset) => Number(raw.readBigInt64LE(offset)));
    case 'doubles':
      return eights.map((offset) => raw.readDoubleLE(offset));
    default:
      throw new Error(`a ${kind} is not written like this`);
  }
}
