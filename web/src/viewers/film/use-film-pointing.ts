import { useEffect, useRef, type PointerEvent, type RefObject } from "react";
import type { Finding } from "@/api/types";
import type { Size } from "../use-size";
import type { HeatMap } from "../heat-map";
import { inside, type Point } from "./overlay";
import type { LeftDrag, Reader } from "./use-reader";
import { pan, place, zoomAt } from "./view";

interface Input {
  pane: RefObject<HTMLDivElement>;
  size: Size;
  film: Size | null;
  reader: Reader;
  findings: Finding[];
  heat: HeatMap | null;
  heatFinding: string | null;
  onLight: (finding: string | null) => void;
}

/** From here on a heat map is hot enough to be what a finding rests on. */
const hot = 0.5;

/** What the pointer does on a film: pan, window, measure, pinch; and light the finding it points at. */
export function useFilmPointing(input: Input) {
  const { pane, size, film, reader, onLight } = input;
  const drag = useRef<LeftDrag | null>(null);
  const fingers = useRef(new Map<number, Point>());
  useFilmWheel(pane, input);
  if (!film) return {};

  const inPane = (event: PointerEvent): Point => {
    const bounds = pane.current!.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const onFilm = (point: Point): Point => {
    const at = place(reader.view, film, size);
    return { x: (point.x - at.left) / at.scale, y: (point.y - at.top) / at.scale };
  };

  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = inPane(event);
    fingers.current.set(event.pointerId, point);
    drag.current = event.button === 2 ? "window" : event.button === 1 ? "pan" : reader.leftDrag;
    if (drag.current === "measure") reader.setMeasure({ from: onFilm(point), to: onFilm(point) });
  };
  const pinch = (id: number, point: Point) => {
    const [other] = [...fingers.current].filter(([key]) => key !== id).map(([, value]) => value);
    const before = fingers.current.get(id)!;
    if (!other) return;
    const grown =
      Math.hypot(point.x - other.x, point.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y);
    const middle = { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 };
    reader.setView((view) => zoomAt(view, grown || 1, middle, film, size));
  };
  const move = (event: PointerEvent) => {
    const point = inPane(event);
    const before = fingers.current.get(event.pointerId);
    if (!before || !drag.current) return onLight(findingAt(input, onFilm(point), film));
    if (fingers.current.size > 1) pinch(event.pointerId, point);
    else if (drag.current === "measure") reader.setMeasure((last) => last && { ...last, to: onFilm(point) });
    else if (drag.current === "window") turn(point.x - before.x, point.y - before.y);
    else reader.setView((view) => pan(view, point.x - before.x, point.y - before.y, film, size));
    fingers.current.set(event.pointerId, point);
  };
  // As radiologists are used to: to the right widens the window, downwards darkens.
  const turn = (dx: number, dy: number) =>
    reader.setTone((tone) => ({
      ...tone,
      stretch: Math.max(0.02, Math.min(8, tone.stretch * Math.exp(dx / 250))),
      shift: tone.shift + (dy / 400) * tone.stretch,
    }));
  const up = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
    if (!fingers.current.size) drag.current = null;
  };
  return {
    onPointerDown: down,
    onPointerMove: move,
    onPointerUp: up,
    onPointerCancel: up,
    onPointerLeave: () => onLight(null),
    onContextMenu: (event: { preventDefault: () => void }) => event.preventDefault(),
  };
}

function findingAt({ findings, heat, heatFinding, reader }: Input, point: Point, film: Size): string | null {
  const region = findings.find((finding) =>
    finding.evidence?.regions?.some((one) => reader.outline && inside(one.polygon, point)),
  );
  if (heat && heatFinding && heat.heatAt(point.x / film.width, point.y / film.height) >= hot)
    return heatFinding;
  return region?.id ?? null;
}

/** The wheel zooms about the point under it. React's own wheel events could not hold the page still. */
function useFilmWheel(pane: RefObject<HTMLDivElement>, input: Input): void {
  const current = useRef(input);
  current.current = input;
  useEffect(() => {
    const node = pane.current;
    if (!node) return;
    const wheel = (event: WheelEvent) => {
      const { film, size, reader } = current.current;
      if (!film) return;
      event.preventDefault();
      const bounds = node.getBoundingClientRect();
      const point = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      reader.setView((view) => zoomAt(view, Math.exp(-event.deltaY / 500), point, film, size));
    };
    node.addEventListener("wheel", wheel, { passive: false });
    return () => node.removeEventListener("wheel", wheel);
  }, [pane]);
}
