import { InboxOutlined } from "@ant-design/icons";
import { useId, useState, type DragEvent } from "react";
import styles from "./drop-zone.module.css";

interface Props {
  label: string;
  hint: string;
  onFiles: (files: File[]) => void;
}

/**
 * Takes files by drop or by choosing; the whole area is the label of a file input, so the keyboard reaches
 * it.
 */
export function DropZone({ label, hint, onFiles }: Props) {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={`${styles.zone} ${over ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        id={id}
        type="file"
        multiple
        className={styles.input}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <label htmlFor={id} className={styles.label}>
        <InboxOutlined aria-hidden className={styles.icon} />
        <span>{label}</span>
        <span className="secondary">{hint}</span>
      </label>
    </div>
  );
}
