import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type FocusEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import type { CaseRow } from "@/api/types";
import { usePhone } from "@/state/media";
import { useShortcuts } from "@/state/shortcuts";
import { CaseLine } from "./case-line";
import styles from "./case-list.module.css";

interface Props {
  rows: CaseRow[];
  /** Told while someone points at the list or moves in it, so that its rows keep their places. */
  onHold: (held: boolean) => void;
  onNearEnd: () => void;
}

const rowHeight = { desk: 56, phone: 104 };

/** The virtualised list: j, k and the arrows move, Enter opens. */
export function CaseList({ rows, onHold, onNearEnd }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(0);
  const [pointed, setPointed] = useState(false);
  const [moving, setMoving] = useState(false);
  const height = phone ? rowHeight.phone : rowHeight.desk;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]!.case,
    overscan: 8,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => list.measure(), [height, list]);
  useEffect(() => onHold(pointed || moving), [pointed, moving, onHold]);
  useEffect(() => {
    if (last >= rows.length - 20) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  const open = (row: CaseRow) => navigate(`/case/${encodeURIComponent(row.case)}`);
  const move = (by: number) => (event: KeyboardEvent) => {
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, moving ? cursor + by : cursor));
    setCursor(next);
    list.scrollToIndex(next);
    scroller.current?.focus();
  };
  useShortcuts({
    j: move(1),
    ArrowDown: move(1),
    k: move(-1),
    ArrowUp: move(-1),
    Enter: (event) => {
      const row = rows[cursor];
      if (moving && row && event.target === scroller.current) open(row);
    },
  });
  const leave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setMoving(false);
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      tabIndex={0}
      role="listbox"
      aria-label={t("worklist.list", { count: rows.length })}
      aria-activedescendant={moving ? lineId(rows[cursor]) : undefined}
      onFocus={() => setMoving(true)}
      onBlur={leave}
      // Not onPointerEnter: React leaves it out when what lay under the pointer before has gone.
      onPointerOver={(event) => setPointed(event.pointerType === "mouse")}
      onPointerLeave={() => setPointed(false)}
    >
      <div className={styles.all} style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          return (
            <CaseLine
              key={item.key}
              id={lineId(row)}
              row={row}
              phone={phone}
              chosen={moving && item.index === cursor}
              place={{ height, transform: `translateY(${item.start}px)` }}
              onOpen={() => open(row)}
            />
          );
        })}
      </div>
    </div>
  );
}

function lineId(row: CaseRow | undefined): string | undefined {
  return row && `case-${row.case}`;
}
