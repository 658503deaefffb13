import { useState } from "react";
import { asAcquired, type Tone } from "./windowing";
import { wholeFilm, type View } from "./view";
import type { Point } from "./overlay";

export type LeftDrag = "pan" | "window" | "measure";

/** What the reader has set: shared by the film and the one beside it. */
export function useReader() {
  const [view, setView] = useState<View>(wholeFilm);
  const [tone, setTone] = useState<Tone>(asAcquired);
  const [leftDrag, setLeftDrag] = useState<LeftDrag>("pan");
  const [heat, setHeat] = useState(false);
  const [opacity, setOpacity] = useState(0.5);
  const [outline, setOutline] = useState(false);
  const [measure, setMeasure] = useState<{ from: Point; to: Point } | null>(null);
  const reset = () => {
    setView(wholeFilm);
    setTone(asAcquired);
    setMeasure(null);
  };
  const toggleDrag = (tool: LeftDrag) => setLeftDrag((now) => (now === tool ? "pan" : tool));
  return {
    view,
    setView,
    tone,
    setTone,
    leftDrag,
    toggleDrag,
    heat,
    setHeat,
    opacity,
    setOpacity,
    outline,
    setOutline,
    measure,
    setMeasure,
    reset,
  };
}

export type Reader = ReturnType<typeof useReader>;
