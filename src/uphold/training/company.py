"""How many runs of one shape a GPU trains together: as many as its memory holds."""

import torch

# The share of its free memory that one lane may take.
SHARE = 0.6


def on_gpu(bytes_a_run: float, device: str) -> int:
    """Return how many runs go side by side on a GPU that has so much memory free."""
    free, _ = torch.cuda.mem_get_info(device)
    return max(1, int(SHARE * free / bytes_a_run))
