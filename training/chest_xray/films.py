"""The films: Shenzhen with lungs and label, Kermany's children, and pictures that are no chest film."""
import csv
import dataclasses
import pathlib
import tarfile

import cv2
import numpy

from training.chest_xray import film
from training.common.split import part_of

# data set: (column of the file, column that names the patient, or the finest group known)
NO_CHEST_FILM = {
    "fracture_xray": ("image", "image"),
    "chest_ct_cancer": ("image", "near_dup_group"),
    "brain_stroke_ct": ("file", "patient"),
    "head_ct_hemorrhage": ("file", "file"),
    "odir_dr": ("image", "patient"),
    "busi": ("file", "file"),
    "mini_mias": ("file", "file"),
    "herlev_cervix": ("image", "field_prefix"),
    "cvc_clinicdb": ("image", "sequence"),
    "tonguexpert": ("image", "sid"),
}


@dataclasses.dataclass
class Film:
    data_set: str
    key: str            # the patient, or the finest known group
    part: str
    path: pathlib.Path
    label: int = -1     # 1 tuberculosis or pneumonia, 0 normal, -1 not asked
    mask: numpy.ndarray | None = None

    def pixels(self):
        return film.load_grey(self.path)


def unpacked(data, cache, name):
    """The folder of an archive's content, unpacked into the cache once."""
    folder = pathlib.Path(cache) / name
    if not folder.exists():
        with tarfile.open(pathlib.Path(data) / "img" / f"{name}.tar") as archive:
            archive.extractall(cache)
    return folder


def rows_of(folder):
    with open(folder / "labels.csv", newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def shenzhen(data, cache):
    folder, films = unpacked(data, cache, "shenzhen_tb"), []
    for row in rows_of(folder):
        patient = row["case"].rsplit("_", 1)[0]  # the last part of a case's name is its label
        mask = cv2.imread(str(folder / row["mask"]), cv2.IMREAD_GRAYSCALE) > 127
        films.append(Film("shenzhen_tb", patient, part_of("shenzhen_tb", patient), folder / row["image"],
                          int(row["label"] == "tb"), mask))
    return films


def kermany(data, cache):
    folder = unpacked(data, cache, "kermany_cxr_224")
    return [Film("kermany_cxr_224", row["patient_id"], part_of("kermany_cxr_224", row["patient_id"]),
                 folder / row["image"], int(row["label"] != "normal")) for row in rows_of(folder)]


def no_chest_films(data, cache):
    films = []
    for name, (file, key) in NO_CHEST_FILM.items():
        folder = unpacked(data, cache, name)
        for row in rows_of(folder):
            films.append(Film(name, row[key], part_of(name, row[key]), folder / row[file]))
    return films
