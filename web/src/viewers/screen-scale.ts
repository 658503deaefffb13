import { useState } from "react";

// A browser does not tell how large its pixels are: CSS holds that 96 of them are an inch. A person with a
// ruler
// can say better, once for each screen.

const kept = "meridian.pixelsPerMillimetre";

export const nominalPixelsPerMm = 96 / 25.4;

export interface ScreenScale {
  pixelsPerMm: number;
  /** Whether someone has measured this screen. */
  measured: boolean;
}

export function useScreenScale(): [ScreenScale, (pixelsPerMm: number) => void] {
  const [scale, setScale] = useState<ScreenScale>(() => {
    const value = Number(localStorage.getItem(kept));
    return value > 0
      ? { pixelsPerMm: value, measured: true }
      : { pixelsPerMm: nominalPixelsPerMm, measured: false };
  });
  const measure = (pixelsPerMm: number) => {
    localStorage.setItem(kept, String(pixelsPerMm));
    setScale({ pixelsPerMm, measured: true });
  };
  return [scale, measure];
}
