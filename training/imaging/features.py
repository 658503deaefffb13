"""What the encoder, as ImageNet made it, sees in pictures: computed once by ONNX Runtime, then learnt from often."""
import hashlib
import json
import pathlib
import zlib

import cv2
import numpy
import onnxruntime
import torch

from training.common.efficientnet_lite import EfficientNetLite0
from training.common.onnx_export import BY_TRACING
from training.imaging import prepare, vary
from training.imaging.vary import varied

STRIDES = ("s2", "s4", "s8", "s16a", "s16", "s32a", "s32")  # of the maps after the seven stages


def digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Encoder:
    """Maps of chosen stages, in float16."""

    def __init__(self, imagenet, work):
        self.digest = digest_of(pathlib.Path(imagenet))
        path = pathlib.Path(work) / f"encoder-{self.digest[:16]}.onnx"
        if not path.exists():
            network = EfficientNetLite0().eval()
            network.load_imagenet(imagenet)
            torch.onnx.export(network, torch.zeros(1, 3, 224, 224), path, opset_version=13, input_names=["image"],
                              output_names=list(STRIDES),
                              dynamic_axes={"image": {0: "n", 2: "h", 3: "w"}}, **BY_TRACING)
        options, self.only_asked = onnxruntime.SessionOptions(), onnxruntime.RunOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.only_asked.only_execute_path_to_fetches = True
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def maps(self, images, stages):
        images = numpy.repeat(images, 3 // images.shape[1], 1)
        found = self.session.run(list(stages), {"image": images}, self.only_asked)
        return [maps.astype(numpy.float16) for maps in found]


def coarse(random, picture, side):
    """At so few pixels, and the middle of its width, as PneumoniaMNIST has it."""
    margin = int(random.uniform(0, 0.2) * picture.shape[1])
    return cv2.resize(picture[:, margin:picture.shape[1] - margin], (side, side), interpolation=cv2.INTER_AREA)


def looks(picture, network, task, versions):
    """The network's inputs of one picture: as it is, its mirror image, then random versions. The same each time."""
    cv2.setNumThreads(1)
    settings = network["prepare"]
    pixels = prepare.load(picture.path, network["colour"])
    seen = prepare.prepare(pixels, settings).pixels
    random = numpy.random.default_rng(zlib.crc32(str(picture.path.name).encode()))
    left, top, right, bottom = prepare.box_of(pixels, settings)
    images = [seen, numpy.ascontiguousarray(seen[:, :, ::-1])]
    for number in range(versions):
        look = varied(random, pixels[top:bottom, left:right], settings["size"], None, task.degrees, task.upright)
        look = coarse(random, look, task.coarse) if task.coarse and number % 2 == 0 else look
        images.append(prepare.channels_first(prepare.fit(look, settings)[0]))
    return numpy.stack(images)


def made_from(encoder, pictures, network, task, stages):
    """All on which the maps depend: another digest, other maps."""
    files = [(str(one.path), one.part, pathlib.Path(one.path).stat().st_size) for one in pictures]
    code = [digest_of(pathlib.Path(file)) for file in (prepare.__file__, vary.__file__, __file__)]
    told = [encoder.digest, network["prepare"], network["colour"], task.versions, task.degrees, task.upright,
            task.coarse, list(stages), files, code]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def of_pictures(encoder, pictures, network, task, stages, cache):
    """A list of maps per stage for each picture (versions first), kept in the cache file until what they are made
    from changes."""
    cache, source = pathlib.Path(cache), made_from(encoder, pictures, network, task, stages)
    if cache.exists():
        stored = numpy.load(cache)
        if "made_from" in stored and str(stored["made_from"]) == source:
            return {stage: stored[stage] for stage in stages}, stored["picture"], stored["version"]
    rows, index, version = {stage: [] for stage in stages}, [], []
    for number, picture in enumerate(pictures):
        images = looks(picture, network, task, 0 if picture.part == "test" else task.versions)
        for stage, maps in zip(stages, encoder.maps(images, stages)):
            rows[stage].append(maps)
        index += [number] * len(images)
        version += range(len(images))
        if number % 100 == 0:
            print(f"{cache.stem}: {number} of {len(pictures)}", flush=True)
    arrays = {stage: numpy.concatenate(maps) for stage, maps in rows.items()}
    unfinished = cache.with_suffix(".part.npz")
    numpy.savez(unfinished, picture=numpy.array(index), version=numpy.array(version), made_from=source, **arrays)
    unfinished.rename(cache)
    return arrays, numpy.array(index), numpy.array(version)
