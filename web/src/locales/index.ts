import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import zh from "./zh.json";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

const kept = "meridian.language";

function firstLanguage(): Language {
  const chosen = localStorage.getItem(kept);
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function adopt(language: string): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function startLanguage(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, zh: { translation: zh } },
    lng: firstLanguage(),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  });
  adopt(i18next.language);
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(kept, language);
  adopt(language);
  void i18next.changeLanguage(language);
}
