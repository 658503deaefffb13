import { useTranslation } from "react-i18next";
import { daysSince, exactTime, since } from "@/format/time";
import { useNow } from "@/state/clock";

/** "12 min ago" with the exact time on hover; short is how long something has waited: "12 min", "3 d". */
export function RelativeTime({ at, short = false }: { at: string; short?: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const moment = new Date(at);
  const passed = since(moment, now);
  const words = () => {
    const days = daysSince(moment, now);
    if (short && days > 0) return t("age.days", { count: days });
    if (passed.unit === "exact") return passed.text;
    if (passed.unit === "now") return t("time.now");
    const which = short ? "timeShort" : "time";
    return t(`${which}.${passed.unit}`, { count: passed.count });
  };
  return (
    <time dateTime={at} title={exactTime(moment)}>
      {words()}
    </time>
  );
}
