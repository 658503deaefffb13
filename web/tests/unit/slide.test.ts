import { describe, expect, it } from "vitest";
import { lengthText, magnification, scaleBar } from "@/viewers/slide/scale";
import { squaresOf } from "@/viewers/slide/tile-source";

describe("the scale bar of a slide", () => {
  it("is the longest round length that fits", () => {
    expect(scaleBar(0.5, 140)).toEqual({ micrometres: 50, width: 100 });
    expect(scaleBar(8, 140)).toEqual({ micrometres: 1000, width: 125 });
    expect(scaleBar(0.05, 140).micrometres).toBe(5);
  });
  it("is told in micrometres, and from a millimetre on in these", () => {
    expect(lengthText(50)).toBe("50 µm");
    expect(lengthText(0.5)).toBe("0.5 µm");
    expect(lengthText(2000)).toBe("2 mm");
  });
  it("tells the magnification of a microscope", () => {
    expect(magnification(0.25)).toBe(40);
    expect(magnification(16)).toBe(0.63);
  });
});

describe("the squares of a slide", () => {
  it("go from the smallest level, and cover what is left at the edges", () => {
    const level = (width: number, height: number) => ({ width, height, tileWidth: 512, tileHeight: 256 });
    const squares = squaresOf({
      version: "v",
      width: 1025,
      height: 513,
      spacing: null,
      levels: [level(1025, 513), level(257, 129)],
      container: "",
      label: null,
      overview: null,
    });
    expect(squares.map(({ level, columns, rows }) => [level, columns, rows])).toEqual([
      [1, 1, 1],
      [0, 3, 3],
    ]);
    expect(squares[0]!.scale).toBeCloseTo(0.2507, 4);
  });
});
