import type { ConsentState } from "@/api/consent";
import type { LiveSource } from "@/api/live";
import { sources } from "./cases";
import { json, Refusal, type Call, type Route } from "./call";
import { samplesOf } from "./ecg";
import { filmMetadata, filmPixels, filmPreview } from "./film";
import { fhirPatient } from "./people";
import { slide, slideLabel, slideSquare } from "./slide";

function verify({ response, state }: Call): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const total = state.ledger.length;
  for (const done of [0, 20, 40, total])
    response.write(`event: progress\ndata: {"done":${done},"total":${total}}\n\n`);
  const verdict = {
    intact: true,
    entries: total,
    firstBad: 0,
    what: "",
    root: state.ledger[0]!.hash,
    checkpoints: 3,
  };
  response.end(`event: verdict\ndata: ${JSON.stringify(verdict)}\n\n`);
}

function endJob(call: Call): void {
  const { state, parts, response } = call;
  if (parts[1] === "discard" && !json(call).reason) throw new Refusal(400, "The reason is missing");
  state.jobs = state.jobs.filter((job) => job.number !== Number(parts[0]));
  response.writeHead(204).end();
}

const liveSources: LiveSource[] = [
  {
    id: "Tower",
    name: { en: "Tower", zh: "内镜主机" },
    assistant: { id: "polyp", version: "1.0.0", title: { en: "Polyps", zh: "息肉提示" } },
  },
];

function frame({ response }: Call): void {
  const head = "--frame\r\nContent-Type: application/octet-stream\r\n\r\n";
  const body = Buffer.concat([Buffer.from(head), filmPixels(), Buffer.from("\r\n--frame--\r\n")]);
  response.writeHead(200, {
    "Content-Type": 'multipart/related; type="application/octet-stream"; boundary=frame',
    "Content-Length": body.length,
  });
  response.end(body);
}

// As the node reads the consents that the console writes.
function keepConsent(call: Call) {
  const { patient, provision } = json(call);
  const refused: string[] = (provision.provision ?? []).flatMap(
    (rule: { action: { coding: { code: string }[] }[] }) => rule.action.map((one) => one.coding[0]!.code),
  );
  const state = (action: string): ConsentState =>
    provision.type === "deny" || refused.includes(action) ? "withheld" : "granted";
  const consent = { assistants: state("use"), colleagues: state("disclose") };
  for (const page of call.state.cases.values())
    if (patient.reference === `Patient/${page.patient.id}`) page.patient = { ...page.patient, consent };
  return json(call);
}

/** Recordings and films, assistants, ledger, FHIR. */
export const otherRoutes: Route[] = [
  [
    "GET",
    /^\/care\/recordings\/([^/]+)$/,
    ({ parts, parameters }) => {
      const source = sources[parts[0]!];
      if (!source) throw new Refusal(404, "There is no such recording");
      const rate = parameters.get("rate");
      return samplesOf(
        source,
        Number(parameters.get("from")),
        Number(parameters.get("seconds")),
        rate ? Number(rate) : undefined,
      );
    },
  ],
  [
    "GET",
    /^\/dicomweb\/.*\/instances\/([^/]+)\/metadata$/,
    ({ parts }) => filmMetadata(parts[0]!, !parts[0]!.endsWith("11")),
  ],
  ["GET", /^\/dicomweb\/.*\/frames\/1$/, frame],
  [
    "GET",
    /^\/dicomweb\/.*\/rendered$/,
    ({ request, response }) => {
      response.writeHead(200, { "Content-Type": "image/png" });
      response.end(request.url?.includes(slide.label!) ? slideLabel() : filmPreview(256));
    },
  ],
  ["GET", /^\/care\/slides\/[^/]+$/, () => slide],
  [
    "GET",
    /^\/care\/slides\/[^/]+\/v1\/(\d)\/(\d+)\/(\d+)$/,
    ({ parts, response }) => {
      response.writeHead(200, { "Content-Type": "image/png" });
      response.end(slideSquare(Number(parts[0]), Number(parts[1]), Number(parts[2])));
    },
  ],
  ["GET", /^\/care\/live$/, () => liveSources],
  [
    "GET",
    /^\/care\/cases\/([^/]+)\/alarms$/,
    ({ state }) => ({ monitor: state.monitor, alarms: state.alarms }),
  ],
  [
    "POST",
    /^\/care\/cases\/([^/]+)\/alarms\/([^/]+)\/acknowledge$/,
    ({ state, parts }) => {
      const alarm = state.alarms.find((one) => one.id === parts[1]);
      if (!alarm) throw new Refusal(404, "There is no such alarm");
      alarm.acknowledgedBy = state.user?.display ?? "";
      return { monitor: state.monitor, alarms: state.alarms };
    },
  ],
  ["GET", /^\/assistants$/, ({ state }) => state.assistants],
  [
    "PUT",
    /^\/assistants\/([^/]+)\/state$/,
    (call) => {
      const assistant = call.state.assistants.find((one) => one.id === call.parts[0])!;
      const { on, reason } = json(call);
      return Object.assign(assistant, {
        on,
        reason,
        changedBy: call.state.user?.display,
        changedAt: new Date().toISOString(),
      });
    },
  ],
  [
    "GET",
    /^\/ledger$/,
    ({ state, parameters }) => ({
      entries: state.ledger.filter(
        (entry) => !parameters.get("kind") || entry.kind.includes(parameters.get("kind")!),
      ),
      size: state.ledger.length,
      root: state.ledger[0]!.hash,
    }),
  ],
  ["POST", /^\/ledger\/verify$/, verify],
  ["GET", /^\/jobs\/parked$/, ({ state }) => ({ rows: state.jobs })],
  ["POST", /^\/jobs\/parked\/([^/]+)\/(retry|discard)$/, endJob],
  [
    "GET",
    /^\/fhir\/Patient$/,
    ({ state, parameters }) => {
      const words = (parameters.get("name") ?? parameters.get("identifier") ?? "").toLowerCase();
      const found = state.patients.filter((one) =>
        `${one.name} ${one.nameLatin} ${one.identifier}`.toLowerCase().includes(words),
      );
      return { resourceType: "Bundle", entry: found.map((one) => ({ resource: fhirPatient(one) })) };
    },
  ],
  [
    "GET",
    /^\/fhir\/Patient\/([^/]+)$/,
    ({ state, parts }) => fhirPatient(state.patients.find((one) => one.id === parts[0])!),
  ],
  [
    "POST",
    /^\/fhir\/Patient$/,
    (call) => {
      const typed = json(call);
      const id = `p${(call.state.next += 1)}`;
      call.state.patients.push({
        ...call.state.patients[0]!,
        id,
        name: typed.name[0].text,
        nameLatin: typed.name[1]?.text ?? "",
        sex: typed.gender,
        birthDate: typed.birthDate,
        identifier: typed.identifier?.[0]?.value ?? "",
      });
      return { ...typed, id };
    },
  ],
  ["POST", /^\/fhir\/Consent$/, keepConsent],
  [
    "GET",
    /^\/fhir\/DiagnosticReport$/,
    ({ state }) => ({
      entry: [...state.cases.values()].flatMap(({ report }) =>
        report?.status === "final"
          ? [
              {
                resource: {
                  id: report.id,
                  code: { text: "胸片 Chest film" },
                  conclusion: report.text,
                  issued: report.signedAt,
                  resultsInterpreter: [{ display: report.signedBy }],
                },
              },
            ]
          : [],
      ),
    }),
  ],
];
