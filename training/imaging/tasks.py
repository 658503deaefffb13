"""What each assistant that classifies learns: its pictures, and how they may be varied."""
import dataclasses
import json
import pathlib

from training.imaging import verdict

CARDS = pathlib.Path("src/assistants")


@dataclasses.dataclass(frozen=True)
class Task:
    sets: tuple             # methods of sets.Sets
    versions: int           # random versions of each picture that is learnt from
    degrees: float = 12
    upright: bool = True
    coarse: int = 0         # pixels a side to which every other random version is brought first
    finer: bool = False     # classifier.FINER in place of classifier.FROZEN


CLASSIFIERS = {
    "chest_pneumonia": Task(("kermany",), 5, coarse=28, finer=True),
    "breast_us": Task(("breast",), 3),
    "fundus_dr": Task(("fundus",), 1, degrees=30),
    "head_ct": Task(("haemorrhage", "stroke"), 2),
    "cervical_cytology": Task(("cells",), 1, degrees=180, upright=False),
    "fracture": Task(("fractures",), 3, degrees=20),
    "lung_ct": Task(("lung_tumours",), 1),
    "mammography": Task(("mammograms",), 3, degrees=20),
}


def checkpoint(work, name, only_validate):
    """A run that leaves the validation part out has one of its own, so that --only-export never takes it."""
    return pathlib.Path(work, f"{name}{'_validate' if only_validate else ''}.pt")


def card_path(name):
    return CARDS / name / "card.json"


def read_card(name):
    return json.loads(card_path(name).read_text(encoding="utf-8"))


def write_card(name, card):
    verdict.settle(name, card)
    card_path(name).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def network_of(card, kind):
    """The card's first network of a kind."""
    return next(network for network in card["imaging"] if network["kind"] == kind)


def pictures_of(name, sets):
    return [picture for source in CLASSIFIERS[name].sets for picture in getattr(sets, source)()]
