import type { Curve, Metric } from "@/api/types";
import { colours, fonts } from "@/theme/tokens";
import type { PlotOption } from "./figure";

interface Axes {
  x: string;
  y: string;
}

const text = { fontFamily: fonts.family, color: colours.inkSecondary };
const zeroToOne = { type: "value", min: 0, max: 1, axisLabel: text, nameTextStyle: text } as const;

/** Both axes from 0 to 1 with the diagonal, on which a curve is compared with chance or with the truth. */
function unitSquare(axes: Axes): PlotOption {
  return {
    animation: false,
    grid: { left: 48, right: 16, top: 16, bottom: 48 },
    tooltip: { trigger: "item" },
    xAxis: { ...zeroToOne, name: axes.x, nameLocation: "middle", nameGap: 28 },
    yAxis: { ...zeroToOne, name: axes.y, nameLocation: "middle", nameGap: 34 },
  };
}

const diagonal = {
  type: "line",
  data: [
    [0, 0],
    [1, 1],
  ],
  symbol: "none",
  silent: true,
  lineStyle: { color: colours.line, type: "dashed" },
};

export function rocPlot(
  roc: Curve,
  point: [number, number] | null,
  words: Axes & { point: string },
): PlotOption {
  const operating = point && {
    type: "scatter",
    data: [point],
    symbolSize: 10,
    itemStyle: { color: colours.draft },
    label: { show: true, position: "right", formatter: words.point, ...text, color: colours.draft },
  };
  return {
    ...unitSquare(words),
    series: [
      diagonal,
      { type: "line", data: roc, symbol: "none", lineStyle: { color: colours.ink, width: 2 } },
      ...(operating ? [operating] : []),
    ],
  };
}

export function calibrationPlot(calibration: Curve, axes: Axes): PlotOption {
  return {
    ...unitSquare(axes),
    series: [
      diagonal,
      {
        type: "line",
        data: calibration,
        symbolSize: 7,
        lineStyle: { color: colours.ink },
        itemStyle: { color: colours.ink },
      },
    ],
  };
}

/** A point and its interval for each subgroup, so that one sees where the numbers are too few to say. */
export function groupPlot(metrics: Metric[]): PlotOption {
  const names = metrics.map(
    (metric) => `${metric.group}${metric.n === undefined ? "" : ` (n = ${metric.n})`}`,
  );
  const bounds = metrics.flatMap((metric) => [metric.value, ...(metric.interval ?? [])]);
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 16, bottom: 24, containLabel: true },
    xAxis: {
      type: "value",
      min: Math.floor(Math.min(...bounds) * 10) / 10,
      splitNumber: 4,
      axisLabel: text,
      scale: true,
    },
    yAxis: { type: "category", data: names, inverse: true, axisLabel: text },
    tooltip: { trigger: "item" },
    series: [
      {
        type: "custom",
        silent: true,
        data: metrics.map((metric, index) => [...(metric.interval ?? [metric.value, metric.value]), index]),
        renderItem: (_: unknown, api: IntervalApi) => {
          const [x1, y] = api.coord([api.value(0), api.value(2)]);
          const [x2] = api.coord([api.value(1), api.value(2)]);
          return {
            type: "line",
            shape: { x1, y1: y, x2, y2: y },
            style: { stroke: colours.inkSecondary, lineWidth: 2 },
          };
        },
      },
      {
        type: "scatter",
        data: metrics.map((metric, index) => [metric.value, index]),
        symbolSize: 9,
        itemStyle: { color: colours.ink },
      },
    ],
  };
}

interface IntervalApi {
  value: (dimension: number) => number;
  coord: (point: number[]) => [number, number];
}
