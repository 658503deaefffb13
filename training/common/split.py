"""Which part of a data set a patient belongs to, decided by the patient's key alone.

src/vision/split.h has the same rule: a patient never changes part when a set grows, and the measurements of
the program and of these scripts speak of the same films.
"""
import hashlib

TEST_SHARE, VALIDATION_SHARE = 0.25, 0.15


def part_of(data_set, key):
    """'train', 'validation' or 'test', from the first 32 bits of SHA-256("data_set/key")."""
    digest = hashlib.sha256(f"{data_set}/{key}".encode()).digest()
    position = int.from_bytes(digest[:4], "big") / 2**32
    if position < TEST_SHARE:
        return "test"
    return "validation" if position < TEST_SHARE + VALIDATION_SHARE else "train"
