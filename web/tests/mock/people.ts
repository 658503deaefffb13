import type { Consent } from "@/api/consent";
import type { CasePatient, Organization, User } from "@/api/types";

export const organizations: Omit<Organization, "own">[] = [
  { id: "liushan", name: { en: "Liushan clinic", zh: "柳山卫生院" }, kind: "clinic" },
  { id: "hekou", name: { en: "Hekou clinic", zh: "河口卫生院" }, kind: "clinic" },
  { id: "county", name: { en: "County hospital", zh: "县人民医院" }, kind: "hospital" },
];

/** An organization as cases name it. */
export const place = (index: number) => ({
  id: organizations[index]!.id,
  name: organizations[index]!.name.en,
});

const user = (
  id: string,
  display: string,
  role: User["role"],
  at: ReturnType<typeof place>,
  fhirUser = `Practitioner/${id}`,
) => ({
  id,
  username: id,
  display,
  role,
  fhirUser,
  organization: `Organization/${at.id}`,
  organizationName: at.name,
});

export const password = "meridian-test";

export const users: User[] = [
  user("chen", "陈医生 Dr Chen", "clinician", place(0)),
  user("lin", "林主任 Dr Lin", "specialist", place(2)),
  user("gao", "高医生 Dr Gao", "specialist", place(2)),
  user("audit", "审计 Auditor", "auditor", place(2)),
  user("admin", "管理员 Administrator", "administrator", place(2)),
  user("wang", "王建国", "resident", place(0), "Patient/p1"),
];

type Person = [name: string, latin: string, sex: "male" | "female", birthDate: string];

const people: Person[] = [
  ["王建国", "Wang Jianguo", "male", "1959-03-08"],
  ["李秀英", "Li Xiuying", "female", "1972-06-20"],
  ["张伟", "Zhang Wei", "male", "1985-01-15"],
  ["Sophia Müller-Lüdenscheidt", "", "female", "1990-11-30"],
  ["刘洋", "Liu Yang", "male", "2025-02-10"],
  ["陈静", "Chen Jing", "female", "2026-11-20"],
  ["杨秀兰", "Yang Xiulan", "female", "1941-09-01"],
  ["赵磊", "Zhao Lei", "male", "2010-05-05"],
];

function consentOf(index: number): Consent {
  const state = index === 3 ? "withheld" : index === 2 ? "not-asked" : "granted";
  return { assistants: state, colleagues: state };
}

export const patients: CasePatient[] = people.map(([name, nameLatin, sex, birthDate], index) => ({
  id: `p${index + 1}`,
  name,
  nameLatin,
  sex,
  birthDate,
  identifier: `37078419${birthDate.slice(0, 4)}${String(1000 + index)}`,
  managingOrganization: place(0),
  allergies: index === 0 ? [{ text: "青霉素 Penicillin", severe: true }] : index === 2 ? null : [],
  consent: consentOf(index),
}));

export function fhirPatient(patient: CasePatient): Record<string, unknown> {
  return {
    resourceType: "Patient",
    id: patient.id,
    name: [{ text: patient.name }, ...(patient.nameLatin ? [{ text: patient.nameLatin }] : [])],
    gender: patient.sex,
    birthDate: patient.birthDate,
    identifier: [{ value: patient.identifier }],
  };
}
