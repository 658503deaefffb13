import { useTranslation } from "react-i18next";
import en from "@/locales/en.json";

type KnownTopic = keyof typeof en.jobs.topic;

function isKnown(topic: string): topic is KnownTopic {
  return topic in en.jobs.topic;
}

/** What a job was to do; the topic itself where the console has no words for it. */
export function useTopicWords(): (topic: string) => string {
  const { t } = useTranslation();
  return (topic) => {
    const known = topic.split("/")[0]!.replace(/[.-]/g, "_");
    return isKnown(known) ? t(`jobs.topic.${known}`) : topic;
  };
}
