#!/usr/bin/env python3
"""A case from a clinic to a specialist and back, over the wire: a film by DCMTK's storescu, all else by curl.

Usage: case_over_the_wire_test.py MERIDIAN_PROGRAM
"""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from demo_node import Client, DemoNode  # noqa: E402

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "build/release/bin/meridian"
REPORT = "Infiltrate in the right upper zone. Sputum for tuberculosis, please."


class CaseOverTheWire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = cls.enterClassContext(DemoNode(PROGRAM))
        cls.clinic = Client(cls.node, "chen")
        cls.other_clinic = Client(cls.node, "zhao")
        cls.hospital = Client(cls.node, "wu")
        cls.auditor = Client(cls.node, "audit")

    def film_of(self, patient):
        """A DX file of this patient, made from a film that the node has, as another machine would make it."""
        row = next(row for row in self.hospital.get("/care/worklist?queue=signed")["rows"])
        film = self.hospital.get(f"/care/cases/{row['case']}")["recordings"][0]
        path = f"/dicomweb/studies/{film['study']}/series/{film['series']}/instances/{film['instance']}/rendered"
        status, picture = self.hospital.call("GET", path, "-H", "Accept: image/jpeg")
        self.assertEqual(status, 200)
        jpeg, dicom = self.node.folder / "film.jpg", self.node.folder / "film.dcm"
        jpeg.write_bytes(picture)
        subprocess.run(["img2dcm", str(jpeg), str(dicom), "-k", "Modality=DX", "-k", "BodyPartExamined=CHEST",
                        "-k", f"PatientID={patient['identifier'][0]['value']}", "-k", "PatientName=Sender^Other"], check=True)
        return dicom

    def store(self, file):
        return subprocess.run(["storescu", "-xy", "-aec", "MERIDIAN", "127.0.0.1", str(self.node.dicom_port), str(file)],
                              capture_output=True, text=True, timeout=120)

    def resident_without_case(self):
        busy = {row["patient"]["id"] for queue in ("waiting", "signed")
                for row in self.clinic.get(f"/care/worklist?queue={queue}&limit=200")["rows"]}
        bundle = self.clinic.get("/fhir/Patient?_count=100")
        return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["id"] not in busy)

    @staticmethod
    def film_drafts(page):
        """Those of the assistant that reads films of adults; others may refuse the film beside it."""
        return [draft for draft in page["drafts"] if draft["assistant"]["id"] == "chest_xray"]

    def test_case_goes_there_and_back(self):
        patient = self.resident_without_case()
        sent = self.store(self.film_of(patient))
        self.assertEqual(sent.returncode, 0, sent.stderr)

        # Filed and drafted.
        studies = self.clinic.get(f"/fhir/ImagingStudy?patient={patient['id']}")
        self.assertEqual(len(studies["entry"]), 1)
        rows = self.clinic.get(f"/care/worklist?queue=waiting&search={patient['identifier'][0]['value']}")["rows"]
        self.assertEqual(len(rows), 1)
        case = f"/care/cases/{rows[0]['case']}"
        page = self.clinic.wait_for(case, self.film_drafts)
        self.assertIsNone(page["report"])
        draft = self.clinic.get(f"/{self.fhir(page)}")
        evidence = draft["presentedForm"][0]["url"]
        self.assertEqual(self.clinic.call("GET", f"/fhir/{evidence}")[0], 200)
        for path in (self.fhir(page), f"fhir/{evidence}"):
            self.assertEqual(self.other_clinic.call("GET", f"/{path}")[0], 404)

        # Asked. Only now does the hospital see the patient; the other clinic never does.
        self.assertEqual(self.hospital.call("GET", case)[0], 404)
        hospital = next(one for one in self.clinic.get("/care/organizations") if one["kind"] == "hospital")
        self.clinic.post(f"{case}/consultation", {"organization": hospital["id"], "question": "Tuberculosis?", "priority": "stat"})
        self.assertEqual(self.other_clinic.call("GET", case)[0], 404)
        worklist = self.hospital.get("/care/worklist?queue=waiting")["rows"]
        place = [row["case"] for row in worklist].index(rows[0]["case"])
        self.assertEqual({row["urgency"] for row in worklist[:place + 1]}, {"emergency"}, "only its like stand above it")

        # Read and signed.
        self.hospital.post(f"{case}/claim")
        signed = self.hospital.post(f"{case}/sign", {"text": REPORT, "accepted": [], "version": None})["case"]
        self.assertEqual(signed["report"]["status"], "final")

        # Back at the clinic.
        page = self.clinic.get(case)
        self.assertEqual(page["report"]["text"], REPORT)
        self.assertTrue(page["report"]["signedBy"])
        self.assertIn("answered", [message["kind"] for message in self.clinic.get("/care/messages")["rows"]])

        # Every step is in the ledger, and the ledger holds.
        entries = self.auditor.get(f"/ledger?patient=Patient/{patient['id']}&limit=200")["entries"]
        kinds = {entry["kind"] for entry in entries}
        for step in ("fhir.create", "case.claim", "case.sign"):
            self.assertIn(step, kinds)
        verified = subprocess.run([PROGRAM, "verify", "-c", str(self.configuration())], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_residents_see_what_is_signed_and_no_draft(self):
        resident = Client(self.node, "resident")
        own = resident.get("/fhir/Patient")["entry"][0]["resource"]["id"]
        drafted = f"/fhir/DiagnosticReport?subject=Patient/{own}&status=preliminary"
        self.hospital.wait_for(drafted, lambda bundle: bundle.get("entry"))
        for kind in ("DiagnosticReport", "Observation"):
            found = resident.get(f"/fhir/{kind}?_count=200").get("entry", [])
            self.assertTrue(all(entry["resource"]["subject"]["reference"] == f"Patient/{own}" for entry in found))
            self.assertFalse([entry for entry in found if entry["resource"]["status"] in ("preliminary", "cancelled")])
        for kind in ("Binary", "Communication", "Task?code=assistant-run"):
            self.assertEqual(resident.get(f"/fhir/{kind}").get("entry", []), [])
        self.assertTrue(self.hospital.get("/fhir/Binary").get("entry", []))
        others = {entry["fullUrl"] for entry in self.other_clinic.get("/fhir/Binary?_count=200").get("entry", [])}
        mine = {entry["fullUrl"] for entry in self.clinic.get("/fhir/Binary?_count=200")["entry"]}
        self.assertFalse(others & mine, "a clinic sees another's evidence")

    @staticmethod
    def fhir(page):
        return "fhir/" + CaseOverTheWire.film_drafts(page)[0]["report"]

    def test_the_same_film_twice_is_one(self):
        patient = self.resident_without_case()
        film = self.film_of(patient)
        self.assertEqual(self.store(film).returncode, 0)
        self.assertEqual(self.store(film).returncode, 0)
        studies = self.clinic.get(f"/fhir/ImagingStudy?patient={patient['id']}")
        self.assertEqual([entry["resource"]["numberOfInstances"] for entry in studies["entry"]], [1])

    def configuration(self):
        file = self.node.folder / "node.toml"
        file.write_text(f'[node]\ndata_folder = "{self.node.data_folder}"\n[database]\nurl = "{self.node.database}"\n')
        return file


if __name__ == "__main__":
    unittest.main()
