import { useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import type { Beat, Finding } from "@/api/types";
import type { Box } from "./calipers";
import { stripAt } from "./layout";
import { beatNear, findingOfBeat } from "./marks";
import type { PaperSettings } from "./use-paper";

interface Input {
  canvas: RefObject<HTMLCanvasElement>;
  paper: PaperSettings;
  beats: Beat[];
  findings: Finding[];
  calipers: boolean;
  onLight: (finding: string | null) => void;
}

/** How near to a beat one must point, in millimetres. */
const reachMm = 2;

/**
 * What the pointer does on the paper: scroll by dragging, measure with calipers, light the finding of a beat.
 */
export function usePointing({ canvas, paper, beats, findings, calipers, onLight }: Input) {
  const [box, setBox] = useState<Box | null>(null);
  const drag = useRef<{ x: number; from: number } | null>(null);
  const current = useRef(paper);
  current.current = paper;

  useEffect(() => setBox(null), [calipers, paper.from, paper.layout, paper.speed, paper.gain]);
  useWheel(canvas, current);

  const place = (event: PointerEvent) => ({
    x: event.nativeEvent.offsetX / paper.scale,
    y: event.nativeEvent.offsetY / paper.scale,
  });

  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    if (calipers) setBox({ x1: x, y1: y, x2: x, y2: y });
    drag.current = { x, from: paper.from };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    const { x, y } = place(event);
    if (drag.current && calipers) return setBox((last) => last && { ...last, x2: x, y2: y });
    if (drag.current) return paper.goTo(drag.current.from - (x - drag.current.x) / paper.speed);
    const strip = stripAt(paper.sheet, x, y, paper.speed);
    if (!strip) return onLight(null);
    const time = paper.from + strip.from + (x - strip.x) / paper.speed;
    const beat = beatNear(beats, time, reachMm / paper.speed);
    onLight(beat ? findingOfBeat(findings, beat) : null);
  };
  const up = () => {
    drag.current = null;
  };
  return {
    box,
    handlers: {
      onPointerDown: down,
      onPointerMove: move,
      onPointerUp: up,
      onPointerCancel: up,
      onPointerLeave: () => onLight(null),
    },
  };
}

/**
 * The wheel scrolls through time, with Ctrl it zooms. React's own wheel events could not hold the page still.
 */
function useWheel(canvas: RefObject<HTMLCanvasElement>, paper: RefObject<PaperSettings>): void {
  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    const wheel = (event: WheelEvent) => {
      const now = paper.current;
      if (!now) return;
      if (event.ctrlKey) {
        event.preventDefault();
        return event.deltaY < 0 ? now.zoomIn() : now.zoomOut();
      }
      if (!now.scrolls || now.layout === "standard") return;
      event.preventDefault();
      now.goTo(now.from + (event.deltaX || event.deltaY) / now.scale / now.speed);
    };
    node.addEventListener("wheel", wheel, { passive: false });
    return () => node.removeEventListener("wheel", wheel);
  }, [canvas, paper]);
}
