import { describe, expect, it } from "vitest";
import { firstPart, imageInfo, type ImageInfo } from "@/api/dicomweb";
import { decodeFrame, percentiles, pyramid } from "@/viewers/film/pixels";
import { resample } from "@/viewers/film/resample";
import { lengthMm, pan, place, wholeFilm, zoomAt } from "@/viewers/film/view";
import { grey, ownWindow, paintGrey, toneOf, toned } from "@/viewers/film/windowing";
import { inside } from "@/viewers/film/overlay";

const info = (more: Partial<ImageInfo> = {}): ImageInfo => ({
  rows: 2,
  columns: 2,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  samples: 1,
  photometric: "MONOCHROME2",
  slope: 1,
  intercept: 0,
  windowCenter: null,
  windowWidth: null,
  spacing: null,
  ...more,
});

const bytes = (values: number[]) => new Uint8Array(new Uint16Array(values).buffer);

describe("frames", () => {
  it("cuts off the bits above those stored", () => {
    expect([...decodeFrame(bytes([0xf123, 1, 2, 0x0fff]), info()).values]).toEqual([0x123, 1, 2, 0xfff]);
  });
  it("extends the sign of signed values", () => {
    expect([...decodeFrame(bytes([0x0fff, 1, 0x0800, 3]), info({ signed: true })).values]).toEqual([
      -1, 1, -2048, 3,
    ]);
  });
  it("refuses a frame that is too short or in colour", () => {
    expect(() => decodeFrame(bytes([1, 2, 3]), info())).toThrow();
    expect(() => decodeFrame(bytes([1, 2, 3, 4]), info({ samples: 3 }))).toThrow();
  });
  it("takes the first part out of a multipart message", () => {
    const text = "--b\r\nContent-Type: application/octet-stream\r\n\r\nPIXELS\r\n--b--\r\n";
    const part = firstPart(new TextEncoder().encode(text), 'multipart/related; boundary="b"');
    expect(new TextDecoder().decode(part)).toBe("PIXELS");
    expect(() => firstPart(new TextEncoder().encode("PIX"), "multipart/related; boundary=b")).toThrow();
  });
  it("reads the attributes, with the detector's spacing where there is no other", () => {
    const attributes = {
      "00280010": { Value: [10] },
      "00280011": { Value: [20] },
      "00181164": { Value: [0.2, 0.1] },
    };
    expect(imageInfo(attributes)).toMatchObject({
      rows: 10,
      columns: 20,
      spacing: [0.2, 0.1],
      windowCenter: null,
    });
  });
});

describe("the pyramid", () => {
  it("halves by the mean of four until the film is small", () => {
    const values = new Uint16Array(1024 * 1024).map((_, index) => (index % 1024 & 1 ? 100 : 300));
    const levels = pyramid({ values, width: 1024, height: 1024 });
    expect(levels.map((level) => level.width)).toEqual([1024, 512, 256]);
    expect(levels[1]!.values[0]).toBe(200);
  });
});

describe("windows", () => {
  const plane = { values: new Uint16Array(1000).map((_, index) => index), width: 1000, height: 1 };
  it("maps the ends of PS3.3's linear function to black and white", () => {
    const window = { center: 2048, width: 4096 };
    expect(grey(0, window)).toBe(0);
    expect(grey(4095, window)).toBe(255);
    expect(grey(2047.5, window)).toBeCloseTo(127.5);
  });
  it("is the film's own, else its percentiles", () => {
    expect(ownWindow(info({ windowCenter: 40, windowWidth: 80, intercept: -1000 }), plane)).toEqual({
      center: 1040,
      width: 80,
    });
    expect(ownWindow(info(), plane)).toEqual({ center: 500, width: 980 });
    expect(percentiles(plane, [0, 1])).toEqual([0, 999]);
  });
  it("turns there and back", () => {
    const own = { center: 1040, width: 400 };
    const tone = toneOf({ center: -600, width: 1500 }, own, info({ intercept: -1024 }));
    expect(toned(own, tone)).toEqual({ center: 424, width: 1500 });
  });
  it("paints grey, inverted when asked, black beside the film", () => {
    const pixels = new Uint32Array(3);
    paintGrey(new Float32Array([0, 4095, NaN]), pixels, { center: 2048, width: 4096 }, false);
    expect([...pixels]).toEqual([0xff000000, 0xffffffff, 0xff000000]);
    paintGrey(new Float32Array([0, 4095, NaN]), pixels, { center: 2048, width: 4096 }, true);
    expect([...pixels]).toEqual([0xffffffff, 0xff000000, 0xff000000]);
  });
});

describe("views", () => {
  const film = { width: 1000, height: 2000 };
  const pane = { width: 500, height: 500 };
  it("fits the whole film", () => {
    expect(place(wholeFilm, film, pane)).toEqual({ scale: 0.25, left: 125, top: 0 });
  });
  it("zooms about the point under the pointer", () => {
    const point = { x: 200, y: 100 };
    const before = place(wholeFilm, film, pane);
    const after = place(zoomAt(wholeFilm, 3, point, film, pane), film, pane);
    expect((point.x - after.left) / after.scale).toBeCloseTo((point.x - before.left) / before.scale);
    expect((point.y - after.top) / after.scale).toBeCloseTo((point.y - before.top) / before.scale);
  });
  it("never loses the film when panned", () => {
    expect(pan(wholeFilm, 1e6, -1e6, film, pane)).toEqual({ zoom: 1, x: 0, y: 1 });
  });
  it("measures with the spacing of rows and columns", () => {
    expect(lengthMm({ x: 0, y: 0 }, { x: 30, y: 40 }, [0.1, 0.1])).toBeCloseTo(5);
    expect(lengthMm({ x: 0, y: 0 }, { x: 0, y: 10 }, [0.5, 0.1])).toBeCloseTo(5);
  });
  it("knows what lies within an outline", () => {
    const square: [number, number][] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    expect(inside(square, { x: 5, y: 5 })).toBe(true);
    expect(inside(square, { x: 15, y: 5 })).toBe(false);
  });
});

describe("resampling", () => {
  const plane = { values: new Uint16Array([0, 100, 200, 300]), width: 2, height: 2 };
  it("is exact at one to one", () => {
    expect([...resample([plane], { scale: 1, left: 0, top: 0 }, 2, 2)]).toEqual([0, 100, 200, 300]);
  });
  it("is NaN beside the film and interpolates within", () => {
    const values = resample([plane], { scale: 2, left: 2, top: 0 }, 8, 4);
    expect([values[0], values[7]].map(Number.isNaN)).toEqual([true, true]);
    expect(values[3]).toBeCloseTo(25);
  });
});
