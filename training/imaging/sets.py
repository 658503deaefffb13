"""The data sets, as pictures with a key (the patient, or the finest group known), a part and labels."""
import csv
import dataclasses
import pathlib
import re
import tarfile

from training.common.split import part_of
from training.imaging import look_alikes


@dataclasses.dataclass
class Picture:
    data_set: str
    key: str
    path: pathlib.Path
    labels: dict                # class name: 1 or 0; a class that is missing is not known
    mask: pathlib.Path | None = None
    about: dict = dataclasses.field(default_factory=dict)  # sex, age, source: to measure by

    @property
    def part(self):
        return part_of(self.data_set, self.key)


class Sets:
    """Reads them from the data folder's archives, unpacked into the work folder once."""

    def __init__(self, data, work):
        self.data, self.work = pathlib.Path(data), pathlib.Path(work)

    def folder(self, name):
        folder = self.work / name
        if not folder.exists():
            with tarfile.open(self.data / "img" / f"{name}.tar") as archive:
                archive.extractall(self.work)
        return folder

    def rows(self, name):
        with open(self.folder(name) / "labels.csv", newline="", encoding="utf-8") as table:
            return list(csv.DictReader(table))

    def one_of(self, name, file, key, label, classes, about=()):
        """A set whose rows each name one of the classes."""
        return [Picture(name, row[key], self.folder(name) / row[file],
                        {one: int(row[label] == one) for one in classes}, about={a: row[a] for a in about})
                for row in self.rows(name)]

    def kermany(self):
        return [Picture("kermany_cxr_224", row["patient_id"], self.folder("kermany_cxr_224") / row["image"],
                        {"pneumonia": int(row["label"] == "pneumonia")}, about={"subtype": row["subtype"]})
                for row in self.rows("kermany_cxr_224")]

    def breast(self):
        """BUSI and the pictures with masks as one set; groups of several labels are left out."""
        found = {f"busi/{row['file']}": (row["label"], None) for row in self.rows("busi")}
        found |= {f"busi_masks/{row['image']}": (row["label"], row["mask"]) for row in self.rows("busi_masks")}
        key = look_alikes.groups({name: self.work / name for name in found})
        labels = {}
        for name, (label, _) in found.items():
            labels.setdefault(key[name], set()).add(label)
        return [Picture("busi", key[name], self.work / name,
                        {one: int(label == one) for one in ("normal", "benign", "malignant")},
                        self.folder("busi_masks") / mask if mask else None)
                for name, (label, mask) in found.items() if len(labels[key[name]]) == 1]

    def fundus(self):
        return [Picture("odir_dr", row["patient"], self.folder("odir_dr") / row["image"],
                        {"referable": int(int(row["dr_grade"]) >= 2)},
                        about={"sex": row["sex"], "age": row["age"], "grade": row["dr_grade"]})
                for row in self.rows("odir_dr")]

    def vessels(self):
        drive, chase = self.folder("drive") / "training", self.folder("chase_db1")
        pictures = [Picture("drive", path.name[:2], path, {}, drive / "1st_manual" / f"{path.name[:2]}_manual1.png")
                    for path in sorted((drive / "images").iterdir())]
        return pictures + [Picture("chase_db1", path.name[6:8], path, {}, path.with_name(path.stem + "_1stHO.png"))
                           for path in sorted(chase.glob("*.jpg"))]

    def polyps(self):
        folder = self.folder("cvc_clinicdb")
        return [Picture("cvc_clinicdb", row["sequence"], folder / row["image"], {}, folder / row["mask"])
                for row in self.rows("cvc_clinicdb")]

    def nuclei(self):
        folder = self.folder("dsb2018_he")
        return [Picture("dsb2018_he", row["file"], folder / row["file"], {},
                        folder / row["file"].replace("images/", "labels/"))
                for row in self.rows("dsb2018_he") if row["file"].startswith("images/")]

    def hippocampi(self):
        folder = self.folder("msd_hippocampus")
        return [Picture("msd_hippocampus", row["file"], folder / row["file"], {},
                        folder / row["file"].replace("images/", "labels/"))
                for row in self.rows("msd_hippocampus") if row["file"].startswith("images/")]

    def haemorrhage(self):
        folder, rows = self.folder("head_ct_hemorrhage"), self.rows("head_ct_hemorrhage")
        key = look_alikes.groups({row["file"]: folder / row["file"] for row in rows})
        return [Picture("head_ct_hemorrhage", key[row["file"]], folder / row["file"],
                        {"haemorrhage": int(row["hemorrhage"])}) for row in rows]

    def stroke(self):
        return [Picture("brain_stroke_ct", row["patient"], self.folder("brain_stroke_ct") / row["file"],
                        {"stroke": int(row["label"] == "Stroke")}) for row in self.rows("brain_stroke_ct")]

    def fractures(self):
        return [Picture("fracture_xray", row["image"], self.folder("fracture_xray") / row["image"],
                        {"fracture": int(row["label"] == "fractured")}, about={"family": row["family"]})
                for row in self.rows("fracture_xray")]

    def lung_tumours(self):
        classes = ("adenocarcinoma", "squamous_cell_carcinoma", "large_cell_carcinoma")
        return [one for one in self.one_of("chest_ct_cancer", "image", "near_dup_group", "label", classes)
                if any(one.labels.values())]

    def cells(self):
        classes = ("normal_superficial", "normal_intermediate", "normal_columnar", "light_dysplastic",
                   "moderate_dysplastic", "severe_dysplastic", "carcinoma_in_situ")
        return self.one_of("herlev_cervix", "image", "field_prefix", "label", classes)

    def mammograms(self):
        folder = self.folder("mini_mias")
        return [Picture("mini_mias", str((int(re.match(r"mdb(\d+)", row["file"])[1]) + 1) // 2),
                        folder / row["file"], {"malignant": int(row["label"] == "malignant")})
                for row in self.rows("mini_mias")]
