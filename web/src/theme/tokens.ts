// The look of the console in one place. Colour means something: red act now, amber today, violet draft,
// blue link or main action, green signed; grey does the rest. Text colours hold 4.5:1 on their ground.
export const colours = {
  ink: "#1b2733",
  inkSecondary: "#52606d",
  line: "#d5dbe1",
  ground: "#f3f5f7",
  surface: "#ffffff",
  hover: "#eaf1f8",

  urgent: "#b42318",
  urgentGround: "#fdecea",
  today: "#8a4b00",
  todayGround: "#fdf3e1",
  draft: "#5b2fb3",
  draftGround: "#f6f2fd",
  action: "#0b5cad",
  signed: "#17683a",
  signedGround: "#e9f5ee",

  // Viewers: black ground and grey chrome, so that the eye stays adapted.
  viewerGround: "#000000",
  viewerChrome: "#1c2126",
  viewerLine: "#3a424a",
  viewerInk: "#d3d9df",
  viewerInkSecondary: "#9aa5af",
  viewerDraft: "#b99cff",
  viewerAction: "#6cb3ff",
  viewerAlarm: "#ff8a7d",

  // ECG paper
  paper: "#fffaf8",
  paperMinor: "#f6d9d3",
  paperMajor: "#e5a99f",
  trace: "#0d1420",
  beatNormal: "#52606d",
  beatOther: "#b42318",
} as const;

export const fonts = {
  family: 'system-ui, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  size: 14,
  secondary: 12,
  large: 20,
} as const;

export const radius = 4;

/** A step of spacing in pixels. */
export const step = 4;

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The tokens as custom properties for the style sheets: --ink-secondary, --draft, ... */
export function publishTokens(root: HTMLElement): void {
  for (const [name, value] of Object.entries(colours)) root.style.setProperty(`--${dashed(name)}`, value);
  root.style.setProperty("--font", fonts.family);
  root.style.setProperty("--radius", `${radius}px`);
}
