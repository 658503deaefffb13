"""A segmenter: an encoder whose first stages stay as ImageNet made them, and a decoder on four of its stages."""
import torch
from torch import nn
from torch.nn import functional

from training.common.efficientnet_lite import EfficientNetLite0

FROZEN = 3                 # stages that stay as they are
STAGES = ("s4", "s8")      # their maps that are read
CHANNELS, WIDTHS = (24, 40, 112, 320), (24, 32, 64, 64)


class Decoder(nn.Module):
    """Maps of the stages -> logits n x classes at a quarter of the side."""

    def __init__(self, classes):
        super().__init__()
        self.enter = nn.ModuleList(nn.Sequential(nn.BatchNorm2d(a), nn.Conv2d(a, b, 1, bias=False))
                                   for a, b in zip(CHANNELS, WIDTHS))
        self.lift = nn.ModuleList(nn.Conv2d(b, a, 1, bias=False) for a, b in zip(WIDTHS, WIDTHS[1:]))
        self.mix = nn.ModuleList(nn.Sequential(nn.BatchNorm2d(a), nn.ReLU(), nn.Conv2d(a, a, 3, padding=1, bias=False),
                                               nn.BatchNorm2d(a), nn.ReLU()) for a in WIDTHS)
        self.last = nn.Conv2d(WIDTHS[0], classes, 1)

    def forward(self, *maps, dropout=0.0):
        y = None
        for level in reversed(range(len(maps))):
            x = functional.dropout2d(maps[level], dropout, self.training)
            x = self.enter[level](x)
            if y is not None:
                x = x + functional.interpolate(self.lift[level](y), scale_factor=2.0, mode="nearest")
            y = self.mix[level](x)
        return self.last(y)


class Segmenter(nn.Module):
    """image -> masks; mirrored: the picture and its mirror image are read."""

    def __init__(self, classes, mirrored):
        super().__init__()
        self.encoder, self.decoder = EfficientNetLite0(frozen_stages=FROZEN, own_norms=False), Decoder(classes)
        self.mirrored = mirrored

    def logits(self, s4, s8, dropout=0.0):
        """At a quarter of the side, from the maps of the frozen stages: what is learnt."""
        maps = self.encoder.onward(s8, FROZEN)
        return self.decoder(s4, s8, maps[1], maps[3], dropout=dropout)

    def forward(self, image):
        maps = self.encoder(torch.cat([image, torch.flip(image, [3])]) if self.mirrored else image)
        logits = self.decoder(maps[1], maps[2], maps[4], maps[6])
        if self.mirrored:
            logits = logits.view(2, -1, logits.shape[1], logits.shape[2], logits.shape[3])
            logits = (logits[0] + torch.flip(logits[1], [3])) / 2
        return torch.sigmoid(functional.interpolate(logits, scale_factor=4.0, mode="bilinear", align_corners=False))
