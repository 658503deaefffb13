import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "@/locales/en.json";
import zh from "@/locales/zh.json";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value] as const] : [...flat(value, `${prefix}${key}.`)],
  );
  return new Map(entries);
}

const english = flat(en);
const chinese = flat(zh);
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

describe("the catalogues", () => {
  it("hold the same messages; Chinese has one plural form", () => {
    const wanted = [...english.keys()].filter((key) => !key.endsWith("_one"));
    expect([...chinese.keys()].sort()).toEqual(wanted.sort());
  });
  it("have both plural forms in English", () => {
    for (const key of english.keys()) {
      if (key.endsWith("_other")) expect(english.has(key.replace(/_other$/, "_one"))).toBe(true);
    }
  });
  it("name the same values", () => {
    for (const [key, text] of chinese) expect([key, places(text)]).toEqual([key, places(english.get(key)!)]);
  });
  it("set Chinese in full-width punctuation", () => {
    for (const [key, text] of chinese) {
      expect([key, /[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/.test(text)]).toEqual([key, false]);
    }
  });
  it("leave no empty message", () => {
    for (const [key, text] of [...english, ...chinese])
      expect([key, text.trim() === ""]).toEqual([key, false]);
  });
});

it("no words stand in the code: only in the catalogues", () => {
  const codes = sources("src").filter((file) => file.endsWith(".tsx"));
  const allowed = /^(Meridian|Ctrl\+Enter|mm\/s|mm\/mV)$/;
  for (const file of codes) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const words = [...code.matchAll(/<\w[^<>]*[^=<>]>\s*([A-Za-z][A-Za-z +/]{2,})\s*</g)].map((match) =>
      match[1]!.trim(),
    );
    expect([file, words.filter((word) => !allowed.test(word))]).toEqual([file, []]);
    expect([file, /[\u4e00-\u9fff]/.test(code)]).toEqual([file, false]);
  }
});
