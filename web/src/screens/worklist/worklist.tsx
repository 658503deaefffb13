import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { getWorklist, worklistPage, type WorklistFilter } from "@/api/cases";
import { Empty } from "@/components/empty";
import { Failure } from "@/components/failure";
import { SkeletonRows } from "@/components/skeleton-rows";
import { CaseList } from "./case-list";
import { useHeldRows } from "./held-rows";
import { QueueTabs } from "./queue-tabs";
import { WorklistFilters } from "./worklist-filters";
import styles from "./worklist.module.css";

export default function Worklist() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<WorklistFilter>({ queue: "waiting" });
  const [held, setHeld] = useState(false);
  const worklist = useInfiniteQuery({
    queryKey: ["worklist", filter],
    queryFn: ({ pageParam, signal }) => getWorklist(filter, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) =>
      pages.length * worklistPage < last.total ? pages.length * worklistPage : undefined,
    placeholderData: keepPreviousData,
  });
  const pages = worklist.data?.pages;
  const fresh = useMemo(() => pages?.flatMap((page) => page.rows) ?? [], [pages]);
  const { rows, waiting, release } = useHeldRows(
    fresh,
    held,
    JSON.stringify(filter) + worklist.isPlaceholderData,
  );

  return (
    <div className={styles.screen}>
      <h1 className="visually-hidden">{t("places.worklist")}</h1>
      <div className={styles.bar}>
        <QueueTabs
          queue={filter.queue}
          counts={pages?.[0]?.counts}
          onChange={(queue) => setFilter({ ...filter, queue })}
        />
        <WorklistFilters filter={filter} onChange={setFilter} />
      </div>
      <div className={styles.news} aria-live="polite">
        {waiting > 0 && (
          <Button type="primary" size="small" onClick={release}>
            {t("worklist.news", { count: waiting })}
          </Button>
        )}
      </div>
      {worklist.error && !pages ? (
        <Failure what={t("worklist.what")} error={worklist.error} retry={() => void worklist.refetch()} />
      ) : !pages ? (
        <SkeletonRows what={t("worklist.what")} rows={10} height={56} />
      ) : rows.length === 0 ? (
        <Empty title={t(emptyWords(filter))} />
      ) : (
        <CaseList
          rows={rows}
          onHold={setHeld}
          onNearEnd={() => worklist.hasNextPage && !worklist.isFetching && void worklist.fetchNextPage()}
        />
      )}
    </div>
  );
}

function emptyWords(filter: WorklistFilter) {
  const filtered = filter.search || filter.modality || filter.organization;
  return filtered ? "worklist.noMatch" : (`worklist.empty.${filter.queue}` as const);
}
