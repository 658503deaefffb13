"""How far six global numbers of a picture get, without a look at what it shows: what a model must beat."""
import numpy
from sklearn.ensemble import GradientBoostingClassifier

from training.imaging import prepare


def numbers(pixels, aspect):
    """Proportions, mean, deviation, brightness of the border, shares of black and white. pixels: h x w, 0 to 1."""
    edge = max(1, round(0.04 * min(pixels.shape)))
    border = numpy.concatenate([pixels[:edge].ravel(), pixels[-edge:].ravel(), pixels[:, :edge].ravel(),
                                pixels[:, -edge:].ravel()])
    return [aspect, pixels.mean(), pixels.std(), border.mean(), (pixels < 0.04).mean(), (pixels > 0.96).mean()]


def of_whole(picture):
    grey = prepare.load(picture.path, "grey").astype(numpy.float32) / 255
    return numbers(grey, grey.shape[1] / grey.shape[0])


def of_seen(picture, network):
    """The same of what the network sees."""
    seen = prepare.prepare(prepare.load(picture.path, network["colour"]), network["prepare"])
    return numbers(seen.pixels.mean(0), seen.place[2] / seen.place[3])


def scores(table, labels, learnt, test):
    """Of the test rows, by trees on the learnt rows."""
    trees = GradientBoostingClassifier(n_estimators=60, max_depth=2, subsample=0.7, learning_rate=0.08,
                                       random_state=1)
    trees.fit(table[learnt], labels[learnt])
    return trees.decision_function(table[test])
