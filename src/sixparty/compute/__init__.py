"""Randomness, progress and pools: what every long computation needs and no result depends on."""

from sixparty.compute.key import Key
from sixparty.compute.pool import run_tasks
from sixparty.compute.progress import Progress, SilentProgress

__all__ = ["Key", "Progress", "SilentProgress", "run_tasks"]
