import { FileAddOutlined, HeartOutlined, UserAddOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { getHome } from "@/api/cases";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/panel";
import { AnswerList } from "./answer-list";
import { HomeDropZone } from "./home-drop-zone";
import { LineState } from "./line-state";
import { TodayList } from "./today-list";
import styles from "./clinic-home.module.css";

const starts = [
  { name: "newEcg", to: "/case/new?kind=ecg", Icon: HeartOutlined },
  { name: "newFilm", to: "/case/new?kind=film", Icon: FileAddOutlined },
  { name: "newPatient", to: "/patient/new", Icon: UserAddOutlined },
] as const;

export default function ClinicHome() {
  const { t } = useTranslation();
  const home = useQuery({ queryKey: ["home"], queryFn: ({ signal }) => getHome(signal) });
  return (
    <div className={styles.screen}>
      <h1 className="visually-hidden">{t("places.home")}</h1>
      <div className={styles.starts}>
        {starts.map(({ name, to, Icon }) => (
          <Link key={name} to={to} className={styles.start}>
            <Icon aria-hidden className={styles.icon} />
            {t(`home.${name}`)}
          </Link>
        ))}
      </div>
      <HomeDropZone />
      <div className={styles.columns}>
        <Panel title={t("home.answers")}>
          <Loaded query={home} what={t("home.what")} rows={4}>
            {(data) => <AnswerList answers={data.answers} />}
          </Loaded>
        </Panel>
        <Panel title={t("home.today")}>
          <Loaded query={home} what={t("home.what")} rows={4}>
            {(data) => <TodayList rows={data.today} />}
          </Loaded>
        </Panel>
      </div>
      <LineState waiting={home.data?.outbox.waiting} failed={home.isError} />
    </div>
  );
}
