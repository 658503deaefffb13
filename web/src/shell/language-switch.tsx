import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { chooseLanguage } from "@/locales";
import { useLanguage } from "@/locales/use-language";

/** Offers the other language, named in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const other = language === "en" ? "zh" : "en";
  return (
    <Button type="text" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => chooseLanguage(other)}>
      {t("shell.otherLanguage")}
    </Button>
  );
}
