"""How well a score tells two classes apart. src/vision/metrics.h computes the same."""
import numpy


def placements(positives, negatives):
    """For each positive the share of negatives below it, and the other way round; ties count half."""
    above = (positives[:, None] > negatives[None]) + 0.5 * (positives[:, None] == negatives[None])
    return above.mean(1), above.mean(0)


def auc(scores, labels):
    return float(placements(scores[labels == 1], scores[labels == 0])[0].mean())


def auc_interval(scores, labels):
    """AUC with its 95 % interval after DeLong, DeLong & Clarke-Pearson 1988."""
    by_positive, by_negative = placements(scores[labels == 1], scores[labels == 0])
    value = float(by_positive.mean())
    half = 1.96 * float(numpy.sqrt(by_positive.var(ddof=1) / len(by_positive) +
                                   by_negative.var(ddof=1) / len(by_negative)))
    return value, max(0.0, value - half), min(1.0, value + half)


def calibration_error(probabilities, labels, bins=10):
    """Expected calibration error over equally filled bins."""
    order = numpy.argsort(probabilities)
    groups = numpy.array_split(order, bins)
    errors = [len(g) * abs(probabilities[g].mean() - labels[g].mean()) for g in groups if len(g)]
    return float(sum(errors) / len(order))
