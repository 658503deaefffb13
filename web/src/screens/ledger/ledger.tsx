import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getLedger, type LedgerFilter } from "@/api/ledger";
import { Empty } from "@/components/empty";
import { Failure } from "@/components/failure";
import { Page } from "@/components/page";
import { SkeletonRows } from "@/components/skeleton-rows";
import { LedgerFilters } from "./ledger-filters";
import { LedgerTable } from "./ledger-table";
import { Verification } from "./verification";
import styles from "./ledger.module.css";

/** Who did what to whom and when, and the proof that nobody changed it. */
export default function Ledger() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<LedgerFilter>({});
  const ledger = useInfiniteQuery({
    queryKey: ["ledger", filter],
    queryFn: ({ pageParam, signal }) => getLedger(filter, pageParam, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => {
      const oldest = last.entries.at(-1)?.number ?? 0;
      return last.entries.length >= 100 && oldest > 1 ? oldest : undefined;
    },
  });
  const pages = ledger.data?.pages;
  const entries = pages?.flatMap((page) => page.entries) ?? [];
  return (
    <Page title={t("places.ledger")}>
      <Verification size={pages?.[0]?.size} />
      <LedgerFilters filter={filter} onChange={setFilter} />
      <div className={styles.sheet}>
        {ledger.error && !pages ? (
          <Failure what={t("ledger.what")} error={ledger.error} retry={() => void ledger.refetch()} />
        ) : !pages ? (
          <SkeletonRows what={t("ledger.what")} rows={10} />
        ) : entries.length ? (
          <LedgerTable entries={entries} />
        ) : (
          <Empty title={t("ledger.empty")} />
        )}
      </div>
      {ledger.hasNextPage && (
        <Button onClick={() => void ledger.fetchNextPage()} loading={ledger.isFetchingNextPage}>
          {t("ledger.more")}
        </Button>
      )}
    </Page>
  );
}
