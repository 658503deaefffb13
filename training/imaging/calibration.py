"""From logits to probabilities that can be believed, and the least of them at which a class is reported."""
import numpy
import torch
from torch.nn import functional

WANTED_SENSITIVITY = 0.90  # of each finding that has a threshold


def probabilities(logits, exclusive):
    if not exclusive:
        return 1 / (1 + numpy.exp(-logits))
    powers = numpy.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def fit(logits, targets, exclusive):
    """Slope and offset of each class: one temperature where exclusive (Guo et al. 2017), else Platt 1999."""
    classes = targets.shape[1]
    if exclusive:
        slope, _ = minimised(lambda line: functional.cross_entropy(
            torch.tensor(logits) * line[0], torch.tensor(targets.argmax(1))))
        return numpy.full(classes, slope), numpy.zeros(classes)
    lines = []
    for label in range(classes):
        known = targets[:, label] >= 0
        x, y = torch.tensor(logits[known, label]), targets[known, label]
        positives, negatives = y.sum(), (1 - y).sum()
        soft = torch.tensor(numpy.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2)))
        lines.append(minimised(lambda line: functional.binary_cross_entropy_with_logits(
            (x * line[0] + line[1]).double(), soft.double())))
    return tuple(numpy.array(lines).T)


def minimised(loss_of):
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=200)

    def step():
        optimizer.zero_grad()
        loss = loss_of(line)
        loss.backward()
        return loss

    optimizer.step(step)
    return line.detach().tolist()


def threshold(believed, positive):
    """The middle between the last positive needed for the wanted sensitivity and the next value below it."""
    ordered = numpy.sort(believed[positive])[::-1]
    needed = ordered[int(numpy.ceil(WANTED_SENSITIVITY * len(ordered))) - 1]
    below = believed[believed < needed]
    return float(numpy.floor((needed + below.max() if len(below) else 2 * needed) * 500) / 1000)


def set_thresholds(network, believed, targets):
    """For each finding of a network that is not exclusive, and for malignancy where it is."""
    for label, one in enumerate(network["classes"]):
        if not network["exclusive"] or one["name"] == "malignant":
            known = targets[:, label] >= 0
            one["threshold"] = threshold(believed[known, label], targets[known, label] == 1)
