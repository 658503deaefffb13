"""A whole slide by the program's commands: imported, converted and read, and files that are none.

    slide_test.py MERIDIAN

The slide is a tiled TIFF that is written here, with dark spots on pink."""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

TILE = 256


def colour(x, y):
    dx, dy = x % 32 - 16, y % 32 - 16
    return (70, 40, 120) if dx * dx + dy * dy < 50 else (225, 165, 195)


def tile():
    return b"".join(bytes(colour(x, y)) for y in range(TILE) for x in range(TILE))


def write_tiff(path, width, height):
    """Uncompressed, in Aperio's words: 0.5 micrometres a pixel."""
    description = f"Aperio Image Library v11\n{width}x{height}|AppMag = 20|MPP = 0.5\0".encode()
    tiles = [(x, y) for y in range(0, height, TILE) for x in range(0, width, TILE)]
    data = tile()  # which every place of the picture shares
    out = bytearray(struct.pack("<2sHI", b"II", 42, 0) + data)
    offsets = struct.pack(f"<{len(tiles)}I", *[8] * len(tiles))
    counts = struct.pack(f"<{len(tiles)}I", *[len(data)] * len(tiles))
    places = {}
    for name, value in (("offsets", offsets), ("counts", counts), ("description", description),
                        ("bits", struct.pack("<3H", 8, 8, 8))):
        places[name] = len(out)
        out += value
    entries = [(254, 4, 1, 0), (256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, places["bits"]), (259, 3, 1, 1),
               (262, 3, 1, 2), (270, 2, len(description), places["description"]), (277, 3, 1, 3), (284, 3, 1, 1),
               (322, 4, 1, TILE), (323, 4, 1, TILE), (324, 4, len(tiles), places["offsets"]),
               (325, 4, len(tiles), places["counts"])]
    struct.pack_into("<I", out, 4, len(out))
    out += struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        out += struct.pack("<HHII", tag, kind, count, value)
    out += struct.pack("<I", 0)
    path.write_bytes(out)


class SlideByCommands(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.slide = self.folder / "lump.svs"
        write_tiff(self.slide, 1300, 1100)
        self.configuration = self.folder / "node.toml"
        self.configuration.write_text(f'[node]\ndata_folder = "{self.folder / "data"}"\n')

    def run_program(self, *words, fails=False):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=self.folder)
        self.assertEqual(done.returncode != 0, fails, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_is_imported_once(self):
        said = self.run_program("import", "--config", self.configuration, self.slide)
        self.assertIn("2 recordings and films taken in", said)
        said = self.run_program("import", "--config", self.configuration, self.slide)
        self.assertIn("0 recordings and films taken in, 2 were here already", said)
        self.assertEqual(list((self.folder / "data" / "spool").iterdir()), [])

    def test_is_converted(self):
        self.run_program("convert", self.slide, self.folder / "out")
        files = sorted((self.folder / "out").iterdir())
        self.assertEqual(len(files), 2)
        self.assertEqual(files[0].read_bytes()[128:132], b"DICM")

    def test_is_read(self):
        said = self.run_program("read", "--as", "pathology", "--json", self.slide)
        reading = json.loads(said.splitlines()[0])
        self.assertIsNone(reading["refused"])
        codes = {one["code"].split("|")[1] for one in reading["findings"][0]["measurements"]}
        self.assertLessEqual({"count", "density", "tissue-area"}, codes)

    def test_broken_files_are_refused_with_a_reason(self):
        whole = self.slide.read_bytes()
        for size in (16, 5000, len(whole) - 40):
            self.slide.write_bytes(whole[:size])
            said = self.run_program("convert", self.slide, self.folder / f"out{size}", fails=True)
            self.assertIn("slide", said)


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
