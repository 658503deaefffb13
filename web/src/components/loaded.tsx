import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "./failure";
import { SkeletonRows } from "./skeleton-rows";

interface Props<T> {
  query: UseQueryResult<T>;
  what: string;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}

/**
 * What a query brings, its skeleton until then, its failure with a retry. Old data stays when a refresh
 * fails.
 */
export function Loaded<T>({ query, what, rows, height, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure what={what} error={query.error} retry={() => void query.refetch()} />;
  return <SkeletonRows what={what} rows={rows} height={height} />;
}
