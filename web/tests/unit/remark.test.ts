import { createInstance } from "i18next";
import { expect, it } from "vitest";
import { remarkText } from "@/format/remark";
import en from "@/locales/en.json";
import zh from "@/locales/zh.json";

async function inLanguage(lng: string) {
  const i18n = createInstance();
  await i18n.init({
    lng,
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
  });
  return (remark: string) => remarkText(remark, i18n.t);
}

it("tells what readers say of a recording in the language in use", async () => {
  const chinese = await inLanguage("zh");
  expect(chinese("V1: the header gives no gain; 200 per millivolt is assumed")).toBe(
    "V1：文件未给出增益，按每毫伏200计",
  );
  expect(chinese("not read: RESP: not an ECG lead")).toBe("未读取：RESP（不是心电导联）");
  expect(
    chinese(
      "at 250 samples a second QRS complexes last 40 ms, QT 200 ms and RR 400 ms; the sampling frequency may be wrong",
    ),
  ).toContain("采样频率可能有误");
  const english = await inLanguage("en");
  expect(english("it holds 3 records and announces 5: it was cut short")).toBe(
    "it holds 3 records and announces 5",
  );
});

it("leaves what it does not know as it is", async () => {
  const chinese = await inLanguage("zh");
  expect(chinese("Something new")).toBe("Something new");
});

it("tells of writing in a picture in the language in use", async () => {
  const remark =
    "writing in the picture (3 lines): it may name the patient, and de-identification does not remove it";
  expect((await inLanguage("zh"))(remark)).toContain("图像中有文字（3行）");
});
