"""A classifier: an encoder whose first stages, or all, stay as ImageNet made them, and small heads on three of them."""
import dataclasses

import torch
from torch import nn
from torch.nn import functional

from training.common.efficientnet_lite import EfficientNetLite0

CHANNELS = {"s8": 40, "s16": 112, "s32": 320}  # of the maps that are read
SUBSPACE = 24                                  # dimensions of the known features' subspace


@dataclasses.dataclass(frozen=True)
class Way:
    """How a classifier learns."""
    frozen: int             # stages of the encoder that stay as ImageNet made them
    kept: tuple             # their maps that are read
    folds: int              # heads, each of which leaves out a part of what is learnt from
    hidden: int             # of each head
    steps: int
    batch: int
    rate: float             # of the heads
    decay: float
    dropout: float
    mixed: float            # of the batches: pictures laid over each other (mixup, Zhang et al. 2018)


FROZEN = Way(7, ("s8", "s16", "s32"), 5, 24, 300, 64, 3e-3, 0.1, 0.3, 0.0)
FINER = Way(3, ("s8",), 1, 64, 240, 16, 2e-3, 0.05, 0.2, 0.5)


class Heads(nn.Module):
    """Maps of three stages -> n x folds x classes x h x w: log-odds of each place of the s16 map. Each fold's head
    has learnt from the pictures of the other folds."""

    def __init__(self, folds, classes, hidden):
        super().__init__()
        self.folds, self.classes = folds, classes
        fine = 2 * CHANNELS["s8"] + CHANNELS["s16"]
        for name, channels in (("fine", fine), ("coarse", CHANNELS["s32"])):
            self.register_buffer(f"{name}_mean", torch.zeros(1, channels, 1, 1))
            self.register_buffer(f"{name}_spread", torch.ones(1, channels, 1, 1))
        self.fine, self.coarse = nn.Conv2d(fine, folds * hidden, 1), nn.Conv2d(CHANNELS["s32"], folds * hidden, 1)
        self.last = nn.Conv2d(folds * hidden, folds * classes, 1, groups=folds)

    def inputs(self, s8, s16, s32):
        return torch.cat([functional.avg_pool2d(s8, 2), functional.max_pool2d(s8, 2), s16], 1), s32

    def settle(self, maps):
        """Takes the spread of the features from some maps."""
        for name, x in zip(("fine", "coarse"), self.inputs(*maps)):
            getattr(self, f"{name}_mean").copy_(x.mean((0, 2, 3), keepdim=True))
            getattr(self, f"{name}_spread").copy_(x.std((0, 2, 3), keepdim=True) + 1e-3)

    def forward(self, s8, s16, s32, dropout=0.0):
        fine, coarse = self.inputs(s8, s16, s32)
        fine = functional.dropout2d((fine - self.fine_mean) / self.fine_spread, dropout, self.training)
        coarse = functional.dropout2d((coarse - self.coarse_mean) / self.coarse_spread, dropout, self.training)
        hidden = self.fine(fine) + functional.interpolate(self.coarse(coarse), scale_factor=2.0, mode="nearest")
        places = self.last(functional.dropout2d(functional.relu(hidden), dropout, self.training))
        return places.view(-1, self.folds, self.classes, places.shape[2], places.shape[3])


class Reader(nn.Module):
    """The encoder and its heads, from the maps of the frozen stages on."""

    def __init__(self, way, classes, imagenet):
        super().__init__()
        self.frozen = way.frozen
        self.encoder = EfficientNetLite0(frozen_stages=way.frozen, own_norms=False)
        self.heads = Heads(way.folds, classes, way.hidden)
        self.encoder.load_imagenet(imagenet)

    def maps(self, kept):
        """s8, s16 and s32."""
        if len(kept) > 1:
            return kept
        deep = self.encoder.onward(kept[0], self.frozen)
        return kept[0], deep[1], deep[3]

    def forward(self, kept, dropout=0.0):
        return self.heads(*self.maps(kept), dropout=dropout)


class Strangeness(nn.Module):
    """How far pooled features lie from those that were learnt from (docs/decisions/0007)."""

    def __init__(self, features=CHANNELS["s16"] + CHANNELS["s32"]):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("spread", torch.ones(features))
        self.register_buffer("axes", torch.zeros(features, SUBSPACE))
        self.register_buffer("lengths", torch.ones(SUBSPACE))
        self.register_buffer("rest", torch.ones(()))

    @staticmethod
    def pooled(s16, s32):
        return torch.cat([s16.mean((2, 3)), s32.mean((2, 3))], 1)

    def parts(self, features):
        x = (features - self.mean) / self.spread
        within = x @ self.axes
        return within, (x**2).sum(1) - (within**2).sum(1)

    def settle(self, features):
        """features: n x channels of the training part."""
        self.mean.copy_(features.mean(0))
        self.spread.copy_(features.std(0) + 1e-3)
        axes = torch.linalg.svd((features - self.mean) / self.spread, full_matrices=False)[2]
        count = min(SUBSPACE, len(features) // 4)
        self.axes[:, :count] = axes[:count].T
        within, rest = self.parts(features)
        self.lengths[:count] = within[:, :count].std(0)
        self.rest.copy_(rest.mean())

    def forward(self, features):
        within, rest = self.parts(features)
        return torch.sqrt(((within / self.lengths)**2).mean(1) / 2 + rest / self.rest / 2)


class Classifier(nn.Module):
    """image -> probabilities, places, strangeness; the picture and its mirror image are read."""

    def __init__(self, reader, strangeness, exclusive):
        super().__init__()
        self.encoder, self.heads, self.strangeness = reader.encoder, reader.heads, strangeness
        self.exclusive = exclusive
        self.register_buffer("slope", torch.ones(1, reader.heads.classes, 1, 1))
        self.register_buffer("offset", torch.zeros(1, reader.heads.classes, 1, 1))

    def forward(self, image):
        maps = self.encoder(torch.cat([image, torch.flip(image, [3])]))
        s8, s16, s32 = maps[2], maps[4], maps[6]
        places = self.heads(s8, s16, s32).mean(1)
        places = places.view(2, -1, places.shape[1], places.shape[2], places.shape[3])
        places = (places[0] + torch.flip(places[1], [3])) / 2 * self.slope + self.offset
        logits = places.mean((2, 3))
        features = self.strangeness.pooled(s16, s32)
        return (torch.softmax(logits, 1) if self.exclusive else torch.sigmoid(logits), places,
                self.strangeness(features.view(2, -1, features.shape[1])[0]))
