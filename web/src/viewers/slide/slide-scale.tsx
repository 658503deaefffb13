import { useTranslation } from "react-i18next";
import { lengthText, magnification, scaleBar } from "./scale";
import styles from "./slide.module.css";

const longest = 140;

interface Props {
  /** Millimetres a slide pixel; null: unknown. */
  spacing: number | null;
  /** Slide pixels along one of the screen's. */
  perPixel: number;
}

/** How large what is seen is: a bar of a round length, and the magnification that a microscope would have. */
export function SlideScale({ spacing, perPixel }: Props) {
  const { t } = useTranslation();
  if (!spacing) return <p className={styles.scale}>{t("slide.noSpacing")}</p>;
  const micrometres = spacing * 1000 * perPixel;
  const bar = scaleBar(micrometres, longest);
  return (
    <p className={styles.scale}>
      <span>{t("slide.magnification", { times: magnification(micrometres) })}</span>
      <span className={styles.bar} style={{ width: bar.width }}>
        {lengthText(bar.micrometres)}
      </span>
    </p>
  );
}
