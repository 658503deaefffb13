import { errorFrom } from "@/api/http";
import { openMonitor, type MonitorMessage } from "@/api/monitor";

export type MonitorState = "connecting" | "running" | "ended" | "lost" | "failed";

export interface LineStatus {
  state: MonitorState;
  failure: unknown;
  /** The line is lost, and is opened again by itself after a while. */
  comesAgain: boolean;
}

export interface LineListener {
  /** When it has changed. */
  hearStatus: (status: LineStatus) => void;
  hear: (message: MonitorMessage) => void;
}

/** Seconds after which a monitor of which no signal comes is lost, until some comes again. */
export const silentSeconds = 5;
/** Seconds after which a line on which the node, too, says nothing is half open, and is opened anew. */
export const deadSeconds = 20;

/** Seconds between tries to open a lost line again: doubled each time up to the longest. */
const firstPause = 1;
const longestPause = 30;

/** Whether the node says that there is no monitor: one that was lost may come again. */
function isNotFound(outcome: unknown): boolean {
  return (outcome as { issue?: { code?: string }[] } | null)?.issue?.[0]?.code === "not-found";
}

/** The line to the monitor of a case. It is opened again by itself when it is lost. */
export class MonitorLine {
  private status: LineStatus = { state: "connecting", failure: null, comesAgain: false };
  private socket: WebSocket | null = null;
  private look: ReturnType<typeof setInterval> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  /** Tries since the line was lost. */
  private tries = 0;
  /** When the node has said something, and when some signal has come. */
  private heard = 0;
  private signalled = 0;

  constructor(
    private readonly caseId: string,
    private readonly listener: LineListener,
  ) {}

  get isOver(): boolean {
    return ["ended", "lost", "failed"].includes(this.status.state);
  }

  /** In place of the line that there was. */
  open(): void {
    this.close();
    this.heard = this.signalled = Date.now();
    this.socket = openMonitor(this.caseId);
    this.socket.onmessage = ({ data }) => {
      this.heard = Date.now();
      this.hear(JSON.parse(String(data)) as MonitorMessage);
    };
    this.socket.onclose = () => this.lose();
    this.look = setInterval(() => this.lookAfter(), 1000);
  }

  /** As a person wishes: nothing that was before counts. */
  beginAgain(): void {
    this.tries = 0;
    this.tell({ state: "connecting", failure: null, comesAgain: false });
    this.open();
  }

  close(): void {
    clearInterval(this.look);
    clearTimeout(this.again);
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  private hear(message: MonitorMessage): void {
    switch (message.kind) {
      case "monitor":
        this.tries = 0;
        this.run();
        break;
      case "samples":
        this.run();
        break;
      case "ended":
        if (message.lost) this.lose();
        else this.end({ state: "ended", failure: null, comesAgain: false });
        break;
      case "failed":
        if (message.ends) this.fail(message.act, message.outcome);
        break;
      default:
    }
    this.listener.hear(message);
  }

  private run(): void {
    this.signalled = Date.now();
    this.tell({ state: "running", failure: null, comesAgain: false });
  }

  private fail(act: string, outcome: unknown): void {
    // The sender has not come again yet.
    if (act === "watch" && this.tries > 0 && isNotFound(outcome)) return this.lose();
    this.end({ state: "failed", failure: errorFrom(400, JSON.stringify(outcome)), comesAgain: false });
  }

  private end(status: LineStatus): void {
    this.close();
    this.tell(status);
  }

  private lose(): void {
    this.end({ state: "lost", failure: null, comesAgain: true });
    this.again = setTimeout(() => this.open(), 1000 * Math.min(longestPause, firstPause * 2 ** this.tries));
    this.tries += 1;
  }

  /** The browser knows of a line that is half open only after minutes. */
  private lookAfter(): void {
    const now = Date.now();
    if (now - this.heard > deadSeconds * 1000) return this.lose();
    if (this.status.state === "running" && now - this.signalled > silentSeconds * 1000)
      this.tell({ state: "lost", failure: null, comesAgain: false });
  }

  private tell(status: LineStatus): void {
    const { state, failure, comesAgain } = this.status;
    if (status.state === state && status.failure === failure && status.comesAgain === comesAgain) return;
    this.status = status;
    this.listener.hearStatus(status);
  }
}
