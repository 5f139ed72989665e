import { type DataPoint, DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';

const TYPES: Readonly<Record<DataPointType, string>> = {
  [DataPointType.SUM]: 'counter',
  [DataPointType.GAUGE]: 'gauge',
  [DataPointType.HISTOGRAM]: 'histogram',
  [DataPointType.EXPONENTIAL_HISTOGRAM]: 'untyped',
};

/** The numbers as text, for a textfile collector. https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function prometheusText({ scopeMetrics }: ResourceMetrics): string {
  return scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(linesOf)).join('');
}

function linesOf(metric: MetricData): readonly string[] {
  const { name, description } = metric.descriptor;
  const isUpDown = metric.dataPointType === DataPointType.SUM && !metric.isMonotonic;
  const type = isUpDown ? 'gauge' : TYPES[metric.dataPointType];
  return [`# HELP ${name} ${escapedHelp(description)}\n`, `# TYPE ${name} ${type}\n`, ...samplesOf(name, metric)];
}

function samplesOf(name: string, metric: MetricData): readonly string[] {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
    case DataPointType.GAUGE:
      return metric.dataPoints.map(({ attributes, value }) => sample(name, attributes, value));
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.flatMap(({ attributes, value: { buckets, count, sum } }) => {
        let below = 0;
        const cumulative = buckets.counts.map((inside, index) => {
          below += inside;
          return sample(`${name}_bucket`, { ...attributes, le: String(buckets.boundaries[index] ?? '+Inf') }, below);
        });
        return [...cumulative, sample(`${name}_sum`, attributes, sum ?? 0), sample(`${name}_count`, attributes, count)];
      });
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      // None of ours is one.
      return [];
  }
}

function sample(name: string, labels: DataPoint<unknown>['attributes'], value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(String(text))}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}
