import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import { DropZone } from "@/components/drop-zone";
import { passFiles } from "@/state/passed-files";

/** Files dropped here begin a new case, which then asks whose they are. */
export function HomeDropZone() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const begin = (files: File[]) => {
    passFiles(files);
    navigate("/case/new");
  };
  return <DropZone label={t("home.drop")} hint={t("drop.kinds")} onFiles={begin} />;
}
