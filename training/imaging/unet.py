"""A small U-Net (Ronneberger et al. 2015) for pictures or volumes, learnt from the start."""
import torch
from torch import nn
from torch.nn import functional


def twice(inputs, outputs, dimensions):
    conv = nn.Conv3d if dimensions == 3 else nn.Conv2d
    norm = nn.BatchNorm3d if dimensions == 3 else nn.BatchNorm2d
    layers = []
    for channels in (inputs, outputs):
        layers += [conv(channels, outputs, 3, padding=1, bias=False), norm(outputs), nn.ReLU()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """n x inputs x ... -> logits n x outputs x ...; each side a multiple of 2 to the number of widths less one."""

    def __init__(self, inputs, outputs, widths, dimensions):
        super().__init__()
        self.pool = functional.max_pool3d if dimensions == 3 else functional.max_pool2d
        before = [inputs, *widths[:-1]]
        self.down = nn.ModuleList(twice(a, b, dimensions) for a, b in zip(before, widths))
        self.up = nn.ModuleList(twice(a + b, a, dimensions) for a, b in zip(widths, widths[1:]))
        self.last = (nn.Conv3d if dimensions == 3 else nn.Conv2d)(widths[0], outputs, 1)

    def forward(self, x):
        skips = []
        for level, down in enumerate(self.down):
            x = down(self.pool(x, 2) if level else x)
            skips.append(x)
        for up, skip in zip(reversed(self.up), reversed(skips[:-1])):
            x = up(torch.cat([functional.interpolate(x, scale_factor=2.0, mode="nearest"), skip], 1))
        return self.last(x)


def dice_loss(probabilities, target):
    """1 - Dice of each class, over all that was given; both n x k x ..."""
    axes = (0, *range(2, target.ndim))
    both, total = (probabilities * target).sum(axes), (probabilities + target).sum(axes)
    return (1 - (2 * both + 1) / (total + 1)).mean()
