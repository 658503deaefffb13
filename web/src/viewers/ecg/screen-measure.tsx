import { Button, Popover, Slider } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScreenScale } from "../screen-scale";
import tools from "../tools.module.css";
import styles from "./screen-measure.module.css";

interface Props {
  screen: ScreenScale;
  /** How large the paper is shown, of its true size. */
  percent: number;
  onMeasure: (pixelsPerMm: number) => void;
}

/** The width of every bank card (ISO/IEC 7810 ID-1), which is at hand where no ruler is. */
const cardMm = 85.6;

/**
 * Says how true the paper's scale is, and lets a person make a bar as wide as a bank card held to the screen.
 */
export function ScreenMeasure({ screen, percent, onMeasure }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [pixels, setPixels] = useState(() => Math.round(screen.pixelsPerMm * cardMm));
  const content = (
    <div className={styles.sheet}>
      <p>{t("ecg.measureHow")}</p>
      <div className={styles.card} style={{ width: pixels }} />
      <Slider
        min={160}
        max={620}
        value={pixels}
        onChange={setPixels}
        tooltip={{ open: false }}
        ariaLabelForHandle={t("ecg.measure")}
      />
      <Button
        type="primary"
        onClick={() => {
          onMeasure(pixels / cardMm);
          setOpen(false);
        }}
      >
        {t("ecg.measureDone")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={content} placement="bottomRight">
      <button type="button" className={`${tools.button} ${tools.last}`} title={t("ecg.measure")}>
        {t(screen.measured ? "ecg.trueSize" : "ecg.nominalSize", { percent })}
      </button>
    </Popover>
  );
}
