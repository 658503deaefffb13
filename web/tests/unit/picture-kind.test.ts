import { expect, it } from "vitest";
import { isPicture, kindHeaders } from "@/api/picture-kind";

it("asks of pictures alone what they show", () => {
  expect(isPicture(new File([], "fundus.PNG"))).toBe(true);
  expect(isPicture(new File([], "cell", { type: "image/jpeg" }))).toBe(true);
  expect(isPicture(new File([], "film.dcm"))).toBe(false);
  expect(isPicture(new File([], "ecg.csv", { type: "text/csv" }))).toBe(false);
});

it("sends what a picture shows as DICOM names it, and nothing of a film of the chest", () => {
  expect(kindHeaders("fundus")).toEqual({ "X-Modality": "OP", "X-Body-Part": "RETINA" });
  expect(kindHeaders("slide")).toEqual({ "X-Modality": "SM" });
  expect(kindHeaders("chest")).toEqual({});
});
