"""The lung area that the gate finds, in the frame of the film, as the program finds it."""
import cv2
import numpy
import torch

from training.chest_xray import film
from training.chest_xray.networks import Gate

CERTAIN = 0.5          # probability from which a pixel belongs to a lung
SMALLEST_LUNG = 0.012  # of the film's area: below it an island is a mistake


def load_gate(path):
    gate = Gate().eval()
    gate.load_state_dict(torch.load(path, map_location="cpu"))
    return gate


@torch.no_grad()
def ask_gate(gate, pixels):
    """Probabilities of the kinds, and of lung for each pixel of the letterboxed square at 112 x 112."""
    logits, lungs = gate(torch.from_numpy(film.gate_input(pixels))[None, None])
    return torch.softmax(logits, 1)[0].numpy(), torch.sigmoid(lungs)[0, 0].numpy()


def two_largest(mask, smallest):
    """The mask without all but its two largest islands of at least so many pixels."""
    count, islands, numbers, _ = cv2.connectedComponentsWithStats(mask.astype(numpy.uint8), connectivity=4)
    order = sorted(range(1, count), key=lambda i: -numbers[i, cv2.CC_STAT_AREA])[:2]
    return numpy.isin(islands, [i for i in order if numbers[i, cv2.CC_STAT_AREA] >= smallest])


def unletterboxed(square, shape):
    """The part of a square map that the film fills."""
    scale = square.shape[0] / max(shape)
    height, width = (max(1, round(side * scale)) for side in shape)
    top, left = (square.shape[0] - height) // 2, (square.shape[1] - width) // 2
    return square[top:top + height, left:left + width]


def find_lungs(gate, pixels):
    """A mask in the film's frame, at the gate's resolution."""
    inside = unletterboxed(ask_gate(gate, pixels)[1], pixels.shape)
    return two_largest(inside > CERTAIN, SMALLEST_LUNG * inside.size)
