import {
  AuditOutlined,
  ExperimentOutlined,
  FileImageOutlined,
  FormOutlined,
  HeartOutlined,
  HighlightOutlined,
  HomeOutlined,
  MailOutlined,
  RobotOutlined,
  SendOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { CasePage, Recording, TimelineEntry } from "@/api/types";
import { clockTime, exactTime } from "@/format/time";
import { useLanguage } from "@/locales/use-language";
import { isOneSeries } from "./series";
import { byDay } from "./timeline-days";
import styles from "./timeline.module.css";

const icons = {
  ecg: HeartOutlined,
  image: FileImageOutlined,
  slide: ExperimentOutlined,
  result: HighlightOutlined,
  draft: RobotOutlined,
  report: AuditOutlined,
  request: SendOutlined,
  message: MailOutlined,
  encounter: HomeOutlined,
};

interface Props {
  page: CasePage;
  chosen: Recording | undefined;
  onChoose: (instance: string) => void;
}

/** What happened, newest on top, grouped by day. Recordings of this case open in the viewer. */
export function Timeline({ page, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.timeline}>
      <h2 className={styles.title}>{t("case.timeline")}</h2>
      {byDay(page.timeline).map(({ day, entries }) => (
        <section key={day} aria-label={day}>
          <h3 className={styles.day}>{day}</h3>
          {entries.map((entry, index) => (
            <Entry key={index} entry={entry} page={page} chosen={chosen} onChoose={onChoose} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Entry({ entry, page, chosen, onChoose }: Props & { entry: TimelineEntry }) {
  const { local } = useLanguage();
  const Icon = icons[entry.kind] ?? FormOutlined;
  const at = new Date(entry.at);
  const words = (
    <>
      <Icon aria-hidden className={entry.kind === "draft" ? styles.draft : styles.icon} />
      <span className={styles.words}>
        <span className={styles.what} title={local(entry.title)}>
          {local(entry.title)}
        </span>
        <span className="secondary">
          <time dateTime={entry.at} title={exactTime(at)}>
            {clockTime(at)}
          </time>{" "}
          {entry.by && local(entry.by)}
        </span>
      </span>
    </>
  );
  const target = page.recordings.find((recording) => recording.instance === entry.target);
  if (target) {
    return (
      <button
        type="button"
        className={styles.entry}
        aria-pressed={chosen !== undefined && isOneSeries(target, chosen)}
        onClick={() => onChoose(target.instance)}
      >
        {words}
      </button>
    );
  }
  if (entry.case && entry.case !== page.id) {
    return (
      <Link className={styles.entry} to={`/case/${encodeURIComponent(entry.case)}`}>
        {words}
      </Link>
    );
  }
  return <div className={styles.entry}>{words}</div>;
}
