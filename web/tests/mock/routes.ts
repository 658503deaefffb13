import type { CasePage, Organization } from "@/api/types";
import { blankCase, rowsOf } from "./cases";
import { json, Refusal, type Call, type Route } from "./call";
import { otherRoutes } from "./other-routes";
import { organizations, password, place, users } from "./people";

function caseOf(call: Call): CasePage {
  const page = call.state.cases.get(decodeURIComponent(call.parts[0]!));
  if (!page) throw new Refusal(404, "There is no such case");
  return page;
}

function changed(call: Call, change: (page: CasePage, input: Record<string, string>) => void): unknown {
  const page = caseOf(call);
  change(page, json(call));
  page.version = String(Number(page.version) + 1);
  return { case: page };
}

function visible(call: Call): CasePage {
  const page = structuredClone(caseOf(call));
  const role = call.state.user?.role;
  page.may.ask &&= role === "clinician";
  page.may.record &&= role === "clinician";
  page.may.sign &&= role === "specialist";
  page.may.reject &&= role === "specialist";
  return page;
}

function session({ state }: Call): unknown {
  if (!state.user) throw new Refusal(401, "Nobody is signed in");
  return { user: state.user, csrf: "csrf-of-the-mock" };
}

function knownOrganizations({ state }: Call): Organization[] {
  return organizations.map((one) => ({ ...one, own: `Organization/${one.id}` === state.user?.organization }));
}

function worklist({ state, parameters }: Call): unknown {
  const search = (parameters.get("search") ?? "").toLowerCase();
  const queue = parameters.get("queue");
  const rows = rowsOf(state.cases, 200).filter(
    (row) =>
      (queue === "signed") === (row.status === "signed") &&
      (queue !== "urgent" || row.urgency !== "routine") &&
      (queue !== "mine" || row.reader?.id === state.user?.id) &&
      `${row.patient.name} ${row.patient.nameLatin}`.toLowerCase().includes(search) &&
      (!parameters.get("modality") || row.modality === parameters.get("modality")) &&
      (!parameters.get("organization") || row.organization.id === parameters.get("organization")),
  );
  const offset = Number(parameters.get("offset") ?? 0);
  return {
    counts: { waiting: 203, urgent: 3, mine: 1, signedToday: 1 },
    total: rows.length,
    rows: rows.slice(offset, offset + Number(parameters.get("limit") ?? 50)),
  };
}

function writeReport(page: CasePage, input: { text: string; accepted: string[]; version: string | null }) {
  if ((page.report?.version ?? null) !== input.version) {
    throw new Refusal(412, "Somebody has written this report meanwhile");
  }
  page.report = {
    id: `report-${page.id}`,
    text: input.text,
    accepted: input.accepted,
    status: "preliminary",
    version: String(Number(input.version ?? 0) + 1),
    signedBy: null,
    signedAt: null,
    changes: null,
  };
  return page.report;
}

function sign(call: Call): unknown {
  const page = caseOf(call);
  const report = writeReport(page, json(call));
  Object.assign(report, {
    status: "final",
    signedBy: call.state.user?.display,
    signedAt: new Date().toISOString(),
    changes: "",
  });
  page.status = "signed";
  page.may = { sign: false, reject: false, ask: false, record: false };
  for (const draft of page.drafts) if (draft.status === "draft" && !draft.refused) draft.status = "accepted";
  return { case: page };
}

function events({ response }: Call): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("event: ready\ndata: \n\n");
}

export const routes: Route[] = [
  [
    "POST",
    /^\/auth\/sign-in$/,
    (call) => {
      const { username, password: typed } = json(call);
      const user = users.find((one) => one.username === username);
      if (username === "locked") throw new Refusal(429, "Too many wrong passwords");
      if (!user || typed !== password) throw new Refusal(401, "Wrong");
      call.state.user = user;
      return session(call);
    },
  ],
  ["GET", /^\/auth\/me$/, session],
  ["POST", /^\/auth\/sign-out$/, ({ state }) => void (state.user = null)],
  ["GET", /^\/care\/worklist$/, worklist],
  [
    "GET",
    /^\/care\/home$/,
    ({ state }) => ({
      today: rowsOf(state.cases, 0),
      answers: state.messages.filter((message) => message.kind !== "draft"),
      outbox: { waiting: 3 },
    }),
  ],
  [
    "POST",
    /^\/care\/cases$/,
    (call) => {
      const id = `c${(call.state.next += 1)}`;
      const { patient, reason } = json(call);
      const page = blankCase(id, 0, 0);
      page.reason = reason;
      page.patient = call.state.patients.find((one) => `Patient/${one.id}` === patient) ?? page.patient;
      call.state.cases.set(id, page);
      return { case: page };
    },
  ],
  ["GET", /^\/care\/cases\/([^/]+)$/, visible],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/recordings$/,
    (call) => {
      if (/bad/.test(String(call.request.headers["x-file-name"]))) {
        throw new Refusal(422, "The file is neither DICOM nor WFDB");
      }
      const page = caseOf(call);
      const source = call.state.cases.get("c1")!;
      page.recordings = source.recordings.slice(0, 1);
      page.drafts = source.drafts.slice(0, 1);
      return { instances: ["1.2.3.10"] };
    },
  ],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/facts$/,
    (call) =>
      changed(call, (page, { fact, value }) => {
        for (const finding of page.drafts.flatMap((draft) => draft.findings)) {
          if (!finding.evidence?.asks?.some((ask) => ask.fact === fact)) continue;
          finding.evidence.asks = finding.evidence.asks.filter((ask) => ask.fact !== fact);
          finding.text.en += ` ${fact}: ${value}.`;
        }
      }),
  ],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/consultation$/,
    (call) =>
      changed(call, (page, { organization, question }) => {
        const to = place(organizations.findIndex((one) => one.id === organization));
        page.requests.push({
          id: "r9",
          from: page.organization,
          to,
          question: question!,
          at: new Date().toISOString(),
          status: "active",
        });
        page.status = "asked";
      }),
  ],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/claim$/,
    (call) =>
      changed(call, (page) => {
        page.reader = { id: call.state.user!.id, display: call.state.user!.display };
        page.status = "reading";
      }),
  ],
  ["POST", /^\/care\/cases\/([^/]+)\/release$/, (call) => changed(call, (page) => void (page.reader = null))],
  [
    "PUT",
    /^\/care\/cases\/([^/]+)\/report$/,
    (call) => ({ version: writeReport(caseOf(call), json(call)).version }),
  ],
  ["POST", /^\/care\/cases\/([^/]+)\/sign$/, sign],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/drafts\/([^/]+)\/reject$/,
    (call) =>
      changed(call, (page, { reason }) => {
        const draft = page.drafts.find((one) => one.id === call.parts[1])!;
        Object.assign(draft, {
          status: "rejected",
          rejectedReason: reason,
          rejectedBy: call.state.user?.display,
        });
      }),
  ],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/question$/,
    (call) => changed(call, (page) => void (page.status = "answered")),
  ],
  [
    "GET",
    /^\/care\/messages$/,
    ({ state }) => ({ unread: state.messages.filter((one) => !one.read).length, rows: state.messages }),
  ],
  [
    "POST",
    /^\/care\/messages\/([^/]+)\/read$/,
    ({ state, parts }) => void (state.messages.find((one) => one.id === parts[0])!.read = true),
  ],
  ["GET", /^\/care\/organizations$/, knownOrganizations],
  ["GET", /^\/care\/events$/, events],
  ...otherRoutes,
];
