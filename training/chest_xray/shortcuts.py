"""How well six global numbers of a film tell tuberculosis from normal, without a look at the lungs.

A logistic regression on the numbers and their products learns from the train part and is measured on the test
part: once on the films as they are, once on what the reader sees.
"""
import argparse

import numpy
import torch
from torch.nn import functional

from training.chest_xray import film, films
from training.common import metrics


def global_numbers(picture, aspect):
    """Proportions, mean, deviation, brightness of the border, shares of black and white."""
    edge = max(1, round(0.04 * min(picture.shape)))
    border = numpy.concatenate([picture[:edge].ravel(), picture[-edge:].ravel(), picture[:, :edge].ravel(),
                                picture[:, -edge:].ravel()])
    shares = [(picture < 0.04).mean(), (picture > 0.96).mean()]
    return [aspect, picture.mean(), picture.std(), border.mean()] + shares


def with_products(numbers):
    columns = [numbers] + [numbers[:, i:i + 1] * numbers[:, i:] for i in range(numbers.shape[1])]
    return numpy.concatenate(columns, 1)


def fit(x, y):
    x, y = torch.tensor(x), torch.tensor(y, dtype=torch.float64)
    weights = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300)

    def step():
        optimizer.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(x @ weights[1:] + weights[0], y)
        loss = loss + 1e-3 * (weights[1:]**2).sum()
        loss.backward()
        return loss

    optimizer.step(step)
    return weights.detach().numpy()


def measured(numbers, labels, train, test):
    x = numpy.array(numbers, dtype=numpy.float64)
    spread = x[train].std(0)
    x = with_products((x - x[train].mean(0)) / numpy.where(spread > 1e-9, spread, 1))
    weights = fit(x[train], labels[train])
    return metrics.auc_interval(x[test] @ weights[1:] + weights[0], labels[test])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", required=True)
    options.add_argument("--work", required=True)
    given = options.parse_args()
    chosen = films.shenzhen(given.data, given.work)
    labels = numpy.array([one.label for one in chosen])
    train = numpy.array([one.part == "train" for one in chosen])
    test = numpy.array([one.part == "test" for one in chosen])
    whole, seen = [], []
    for one in chosen:
        pixels = one.pixels()
        whole.append(global_numbers(pixels, pixels.shape[1] / pixels.shape[0]))
        seen.append(global_numbers(film.reader_input(pixels, film.lung_box(one.mask, pixels.shape)), 1.0))
    for name, numbers in (("films as they are", whole), ("what the reader sees", seen)):
        value, low, high = measured(numbers, labels, train, test)
        print(f"six global numbers of {name}: AUC {value:.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
