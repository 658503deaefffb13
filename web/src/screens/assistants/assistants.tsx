import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getAssistants } from "@/api/assistants";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { AssistantRow } from "./assistant-row";
import styles from "./assistants.module.css";

const columns = ["assistant", "state", "performance", "agreement"] as const;

/** Every assistant with what it is worth, whether it is on, and how often people here agreed with it. */
export default function Assistants() {
  const { t } = useTranslation();
  const assistants = useQuery({ queryKey: ["assistants"], queryFn: ({ signal }) => getAssistants(signal) });
  return (
    <Page title={t("places.assistants")}>
      <p className="secondary">{t("assistants.purpose")}</p>
      <Loaded query={assistants} what={t("assistants.what")} rows={4} height={96}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t("assistants.none")} />
          ) : (
            <table className={styles.table}>
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {t(`assistants.column.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {list.map((assistant) => (
                  <AssistantRow key={assistant.id} assistant={assistant} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Page>
  );
}
