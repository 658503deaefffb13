"""The two networks: the gate sees the whole film and finds the lungs, the reader sees the lungs alone."""
import torch
from torch import nn
from torch.nn import functional

from training.common.efficientnet_lite import EfficientNetLite0

KINDS = ("frontal", "inverted", "turned", "other")  # what the gate tells apart


def mixed(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
                         nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class Gate(nn.Module):
    """N x 1 x 224 x 224 -> logits of KINDS, and logits of the lung area at 112 x 112 (a small U-Net)."""

    SKIPS = (16, 24, 40, 112)  # channels at strides 2, 4, 8, 16

    def __init__(self):
        super().__init__()
        self.backbone = EfficientNetLite0(stages=5)
        s2, s4, s8, s16 = self.SKIPS
        self.reduce = nn.Conv2d(s16, 48, 1)
        self.up8, self.up4, self.up2 = mixed(48 + s8, 48), mixed(48 + s4, 32), mixed(32 + s2, 24)
        self.lungs = nn.Conv2d(24, 1, 1)
        self.kind = nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * s16, len(KINDS)))

    def forward(self, x):
        s2, s4, s8, _, s16 = self.backbone(x)
        pooled = torch.cat([s16.mean((2, 3)), s16.amax((2, 3))], 1)
        y = self.reduce(s16)
        for skip, up in ((s8, self.up8), (s4, self.up4), (s2, self.up2)):
            y = up(torch.cat([functional.interpolate(y, scale_factor=2.0, mode="nearest"), skip], 1))
        return self.kind(pooled), self.lungs(y)


class Reader(nn.Module):
    """N x 1 x 256 x 256 -> a logit of tuberculosis, and what each place of an 8 x 8 map adds to it.

    The logit is the mean of the map (global average pooling before a linear layer, Zhou et al. 2016), so that
    the heat map shows exactly what the number was made of. A second head, used in training alone, tells
    children's pneumonia from normal.
    """

    def __init__(self):
        super().__init__()
        self.backbone = EfficientNetLite0()
        self.dropout = nn.Dropout2d(0.3)
        self.head, self.pneumonia = nn.Conv2d(320, 1, 1), nn.Conv2d(320, 1, 1)

    def maps(self, x):
        features = self.dropout(functional.relu(self.backbone(x)[-1]))
        return self.head(features), self.pneumonia(features)

    def forward(self, x):
        places = self.maps(x)[0]
        return places.mean((2, 3)), places
