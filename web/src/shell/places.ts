import {
  AuditOutlined,
  HomeOutlined,
  MessageOutlined,
  ProfileOutlined,
  RobotOutlined,
  UnorderedListOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import type { Role } from "@/api/types";

const places = {
  home: { path: "/home", Icon: HomeOutlined },
  worklist: { path: "/worklist", Icon: UnorderedListOutlined },
  messages: { path: "/messages", Icon: MessageOutlined },
  assistants: { path: "/assistants", Icon: RobotOutlined },
  ledger: { path: "/ledger", Icon: AuditOutlined },
  jobs: { path: "/jobs", Icon: WarningOutlined },
  me: { path: "/me", Icon: ProfileOutlined },
} as const;

export type PlaceName = keyof typeof places;

const namesByRole: Record<Role, PlaceName[]> = {
  clinician: ["home", "worklist", "messages", "assistants"],
  specialist: ["worklist", "messages", "assistants"],
  auditor: ["ledger", "assistants"],
  administrator: ["assistants", "jobs"],
  resident: ["me"],
};

/** Where a role may go, at most five places so that a phone's bottom bar holds them. */
export function placesOf(role: Role) {
  return namesByRole[role].map((name) => ({ name, ...places[name] }));
}

export const startPlace: Record<Role, string> = {
  clinician: "/home",
  specialist: "/worklist",
  auditor: "/ledger",
  administrator: "/assistants",
  resident: "/me",
};
