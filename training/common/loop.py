"""What every training loop here shares."""
import copy
import math
import random as standard_random
import time

import cv2
import numpy
import torch


def settle(seed, threads):
    """The same numbers each time, on so many threads; gives the generator for augmentation."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(1)
    standard_random.seed(seed)
    torch.manual_seed(seed)
    return numpy.random.default_rng(seed)


def channels_last(x):
    """On a CPU convolutions run several times faster in this order."""
    return x.to(memory_format=torch.channels_last)


def learning(network):
    """The parameters that are not frozen."""
    return [parameter for parameter in network.parameters() if parameter.requires_grad]


class Schedule(torch.optim.lr_scheduler.LambdaLR):
    """A linear rise over the first 5 % of the steps, then half a cosine down to nothing."""

    def __init__(self, optimizer, steps):
        rise = max(1, steps // 20)
        super().__init__(optimizer, lambda step: min((step + 1) / rise,
                                                     0.5 * (1 + math.cos(math.pi * min(1, step / steps)))))


class Average:
    """The exponential moving average of a network's weights: it generalises better than the last step's."""

    def __init__(self, network, decay):
        self.network, self.decay, self.updates = copy.deepcopy(network).eval(), decay, 0

    @torch.no_grad()
    def update(self, network):
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 10))
        for mine, theirs in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)

    def state(self):
        return self.network.state_dict()


class Progress:
    """Prints the mean loss of every so many steps, with the seconds of the processor so far."""

    def __init__(self, every=50):
        self.every, self.start, self.losses = every, time.process_time(), []

    def add(self, loss):
        """True when it printed."""
        self.losses.append(float(loss))
        if len(self.losses) % self.every:
            return False
        print(f"step {len(self.losses)} loss {numpy.mean(self.losses[-self.every:]):.3f} "
              f"seconds {time.process_time() - self.start:.0f}", flush=True)
        return True
