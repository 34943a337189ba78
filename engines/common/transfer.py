"""From a tensor on the device to bytes that the window can show: one copy, and no more waiting
than for the picture itself."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.engine import Pixels


def quantise(picture: Tensor) -> Tensor:
    """(3, H, W) float, 0..1 (clamped) -> (H, W, 3) uint8 on the same device."""
    return picture.float().mul(255).add_(0.5).clamp_(0, 255).byte().permute(1, 2, 0).contiguous()


class Transfer:
    """Brings pictures to the CPU. Belongs to one thread.

    On CUDA two pinned buffers take turns, the copy does not block, and only its own event is
    waited for. Elsewhere there is nothing to overlap.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._buffers: list[Tensor] = []

    def to_pixels(self, pixels: Tensor) -> Pixels:
        """(H, W, 3) uint8 on the device, which nobody else writes to -> the same as an array."""
        if self._device.type != "cuda":
            return pixels.cpu().numpy()
        buffer = self._next_buffer(pixels.shape)
        buffer.copy_(pixels, non_blocking=True)
        done = torch.cuda.Event()
        done.record()
        done.synchronize()
        return np.array(buffer.numpy())

    def _next_buffer(self, shape: torch.Size) -> Tensor:
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [torch.empty(shape, dtype=torch.uint8, pin_memory=True) for _ in "ab"]
        self._buffers.reverse()
        return self._buffers[0]
