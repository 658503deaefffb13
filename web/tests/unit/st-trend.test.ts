import { describe, expect, it } from "vitest";
import { reachOf, trendPaths } from "@/screens/case/st-trend-paths";

describe("the lines of ST levels", () => {
  it("reach as far as the farthest level, of however many minutes", () => {
    expect(reachOf([[null, 0.01]])).toBe(0.2);
    const long = Array.from({ length: 500_000 }, () => 0.1);
    expect(reachOf([long, [null, -0.7, 0.3]])).toBe(0.7);
  });

  it("break where there is no level", () => {
    expect(trendPaths([0, 1, null, -1, 0], 1, 40)).toEqual(["0,20 1,0", "3,40 4,20"]);
  });

  it("show a minute that stands alone as a short line", () => {
    expect(trendPaths([null, 0, null, null], 1, 40)).toEqual(["0.75,20 1.25,20"]);
    expect(trendPaths([0], 1, 40)).toEqual(["0,20 0.5,20"]);
    expect(trendPaths([null, null, 0], 1, 40)).toEqual(["1.5,20 2,20"]);
    expect(trendPaths([], 1, 40)).toEqual([]);
  });
});
