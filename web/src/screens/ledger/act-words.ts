import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "@/api/types";
import en from "@/locales/en.json";

const actions = { C: "create", R: "read", U: "update", D: "delete", E: "execute" } as const;

type KnownKind = keyof typeof en.ledger.kind;

function isKnown(kind: string): kind is KnownKind {
  return kind in en.ledger.kind;
}

/**
 * What an entry says was done: the kind's own words where the console has them, else the action and the kind.
 */
export function useActWords(): (entry: Pick<LedgerEntry, "action" | "kind">) => string {
  const { t } = useTranslation();
  return ({ action, kind }) => {
    const known = kind.replace(/[.-]/g, "_");
    if (isKnown(known)) return t(`ledger.kind.${known}`);
    const name = actions[action as keyof typeof actions];
    return name ? `${t(`ledger.action.${name}`)} (${kind})` : kind;
  };
}
