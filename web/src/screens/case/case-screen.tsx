import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router-dom";
import { getCase } from "@/api/cases";
import { Loaded } from "@/components/loaded";
import { useLiveSources } from "@/state/live-sources";
import { CaseBody } from "./case-body";

const progressEvery = 5000; // ms

export default function CaseScreen() {
  const { t } = useTranslation();
  const { id = "" } = useParams();
  useLiveSources(); // asked for with the page, so that nothing moves when they come
  const page = useQuery({
    queryKey: ["case", id],
    queryFn: ({ signal }) => getCase(id, signal),
    // How far a long reading is, no event tells.
    refetchInterval: ({ state }) => (state.data?.running.length ? progressEvery : false),
  });
  return (
    <Loaded query={page} what={t("case.what")} rows={12}>
      {(data) => <CaseBody key={data.id} page={data} />}
    </Loaded>
  );
}
