import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Localized } from "@/api/types";
import type { Language } from "./index";

/** The language in use, and the words of a text that the node sends in both. */
export function useLanguage(): { language: Language; local: (text: Localized | null | undefined) => string } {
  const { i18n } = useTranslation();
  const language: Language = i18n.language === "zh" ? "zh" : "en";
  const local = useCallback((text: Localized | null | undefined) => text?.[language] || text?.en || "", [language]);
  return { language, local };
}
