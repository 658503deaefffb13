import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import styles from "./assistant-card.module.css";

echarts.use([CustomChart, LineChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer]);

export type PlotOption = echarts.EChartsCoreOption;

export function Figure({ title, option }: { title: string; option: PlotOption }) {
  const plot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!plot.current) return;
    const chart = echarts.init(plot.current, undefined, { renderer: "svg" });
    chart.setOption(option);
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(plot.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option]);
  return (
    <figure className={styles.figure}>
      <figcaption>{title}</figcaption>
      <div ref={plot} className={styles.plot} role="img" aria-label={title} />
    </figure>
  );
}
