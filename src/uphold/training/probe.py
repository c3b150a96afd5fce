"""A small known computation: whether this machine computes what the reference machine did.

In: nothing. Out: a digest of each kind of operation that studies train and score with, to the bit.
Promised: the same digests in every process of a machine, whatever else it runs; inputs are made of
whole numbers, so that no generator and no function of a library stands between them and a part.

`REFERENCE` holds the digests of the processor, and of the versions of torch and numpy, that the
committed results were computed with: an x86-64 with AVX2, pinned (`uphold.processor`). Another
instruction set, another version or a graphics card gives other last bits, and with them other
networks after some hundreds of steps. ``python -m uphold.training.probe`` prints what is computed
here, as it stands below, in a process that is pinned (`processor.variables` in its environment).
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from uphold import processor
from uphold.threads import one_thread
from uphold.training.stacked_adam import Rule, StackedAdam

STEPS = 4
REFERENCE: Mapping[str, str] = {
    "convolutions over one axis": "0fb869554e74",
    "convolutions over two axes": "5432e1825e44",
    "recurrent cells": "33a0026244d9",
    "dense layers": "eb4af433e9bc",
    "torch's matrix products": "f2194e24f1cd",
    "torch's functions": "4e9fe44053df",
    "random numbers": "344b378ea472",
    "numpy's functions": "35ad2d8026fb",
    "numpy's matrix products": "e147cf1ff95e",
}
"""As computed with torch 2.13.0 and numpy 2.4.6 on an AMD processor, pinned."""


@cache
def computed(device: str = "cpu") -> dict[str, str]:
    """Return a digest of each part, computed here.

    Parameters
    ----------
    device : str
        What torch's parts are computed on; numpy's are always the processor's.
    """
    # Networks take their first weights from torch's common generator before they get these.
    with one_thread(), torch.random.fork_rng(devices=[]):
        return {part: _digest(arrays(device)) for part, arrays in PARTS.items()}


def usable(device: str) -> bool:
    """Whether torch can compute on a device here."""
    return device == "cpu" or torch.cuda.is_available()


def digest(parts: Mapping[str, str]) -> str:
    """Return one digest of all parts."""
    return hashlib.sha256(" ".join(map("=".join, sorted(parts.items()))).encode()).hexdigest()[:12]


def otherwise(parts: Mapping[str, str]) -> list[str]:
    """Return the parts that are not computed as on the reference machine."""
    return [part for part, found in parts.items() if REFERENCE.get(part) != found]


def told(device: str, unpinned: str = "") -> str:
    """Say that this machine computes otherwise than the reference one; nothing where it does not.

    Parameters
    ----------
    device : str
    unpinned : str
        Why its instructions could not be chosen, if so.
    """
    if not (parts := otherwise(computed(device))):
        return ""
    why = ["on a graphics card" if device != "cpu" else "", unpinned]
    because = "; ".join(filter(None, why))
    return (
        f"note: {', '.join(parts)} come out otherwise here than where the committed results were"
        f" computed{f' ({because})' if because else ''}: numbers will differ from those"
    )


def numbers(*shape: int, seed: int = 1) -> np.ndarray:
    """Return numbers between -1 and 1 that any machine makes alike, as float64.

    They are fractions with a denominator of 1,024: exact, in single precision too.
    """
    places = np.arange(1, 1 + int(np.prod(shape)), dtype=np.int64)
    return ((places * places * 7919 + places * seed * 104729) % 2039 - 1019).reshape(shape) / 1024


def _convolution_1d(device: str) -> list[torch.Tensor]:
    layers = [
        nn.Conv1d(2, 24, 7, padding=3),
        nn.BatchNorm1d(24),
        nn.ReLU(),
        nn.MaxPool1d(2),
        nn.Conv1d(24, 32, 3, padding=1, bias=False),
        nn.BatchNorm1d(32),
        nn.GELU(),
        nn.AdaptiveAvgPool1d(1),
        nn.Flatten(),
        nn.Linear(32, 5),
    ]
    return _trained(nn.Sequential(*layers), numbers(32, 2, 64), device)


def _convolution_2d(device: str) -> list[torch.Tensor]:
    layers = [
        nn.Conv2d(1, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 16, 3, stride=2, padding=1, groups=16, bias=False),
        nn.Conv2d(16, 32, 1, bias=False),
        nn.BatchNorm2d(32),
        nn.SiLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 12, 5),
    ]
    network = nn.Sequential(*layers)
    rows = numbers(32, 1, 16, 12)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    contiguous = _trained(network, rows, device)
    network.load_state_dict(before)
    return contiguous + _trained(network, rows, device, torch.channels_last)


def _recurrence(device: str) -> list[torch.Tensor]:
    class Last(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cells, self.out = nn.LSTM(8, 24, batch_first=True), nn.Linear(24, 5)

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            out: torch.Tensor = self.out(self.cells(rows)[0][:, -1])
            return out

    return _trained(Last(), numbers(32, 12, 8), device)


def _dense(device: str) -> list[torch.Tensor]:
    layers = [nn.Linear(320, 512), nn.ReLU(), nn.Linear(512, 128), nn.Sigmoid(), nn.Linear(128, 5)]
    return _trained(nn.Sequential(*layers), numbers(32, 320), device)


def _products(device: str) -> list[torch.Tensor]:
    a, b = (_single(numbers(*shape)).to(device) for shape in ((96, 700), (700, 130)))
    several = _single(numbers(6, 32, 100)).to(device)
    return [a @ b, several @ several.transpose(1, 2), (a @ b).double() @ (a @ b).double().T]


def _functions(device: str) -> list[torch.Tensor]:
    x = _single(numbers(1037)).to(device) * 6
    made = [torch.exp(x), torch.tanh(x), torch.sigmoid(x), torch.sin(x), torch.log1p(x.abs())]
    rows = x[:1024].reshape(64, 16)
    return [*made, torch.softmax(rows, 1), torch.erf(x), functional.log_softmax(rows.double(), 1)]


def _random(device: str) -> list[torch.Tensor]:
    draws = torch.Generator(device).manual_seed(5)
    rng = np.random.default_rng(5)
    made = [torch.from_numpy(rng.standard_normal(500)), torch.from_numpy(rng.beta(0.4, 0.4, 500))]
    return [torch.randn(500, generator=draws, device=device), *made]


def _numpy_functions(device: str) -> list[np.ndarray]:
    x = numbers(1037) * 6
    functions = (np.exp, np.sin, np.cos, np.tanh, np.arctan, np.expm1)
    made = [f(values) for f in functions for values in (x, x.astype(np.float32))]
    return [*made, np.log(np.abs(x) + 0.1), np.log10(np.abs(x) + 0.1), np.abs(x) ** 0.7]


def _numpy_products(device: str) -> list[np.ndarray]:
    a, b = numbers(96, 700), numbers(700, 130)
    square = a[:, :96] @ a[:, :96].T + 40 * np.eye(96)
    return [
        a @ b,
        a.astype(np.float32) @ b.astype(np.float32),
        np.linalg.solve(square, a[:, 0]),
        np.linalg.eigvalsh(square),
        np.sum(a, axis=1),
        np.fft.rfft(a, axis=1).view(np.float64),
    ]


PARTS: Mapping[str, Callable[[str], list[torch.Tensor] | list[np.ndarray]]] = {
    "convolutions over one axis": _convolution_1d,
    "convolutions over two axes": _convolution_2d,
    "recurrent cells": _recurrence,
    "dense layers": _dense,
    "torch's matrix products": _products,
    "torch's functions": _functions,
    "random numbers": _random,
    "numpy's functions": _numpy_functions,
    "numpy's matrix products": _numpy_products,
}
"""What is computed, by names that stand in messages."""


def _trained(
    network: nn.Module,
    rows: np.ndarray,
    device: str,
    memory_format: torch.memory_format = torch.contiguous_format,
) -> list[torch.Tensor]:
    """Return a network's parameters after some steps of AdamW on rows of five classes."""
    with torch.no_grad():
        for seed, (name, values) in enumerate(network.named_parameters()):
            if not (name.endswith("weight") and values.ndim == 1):  # those of a batch norm are ones
                values.copy_(_single(numbers(*values.shape, seed=seed)) / values[0].numel() ** 0.5)
    # torch does not declare this overload
    network = network.to(device, memory_format=memory_format).train()  # type: ignore[call-overload]
    x = _single(rows).to(device).contiguous(memory_format=memory_format)
    y = torch.arange(len(rows), device=device) % 5
    # The kernel by itself: an optimizer of torch.optim imports torch's compiler, 1.2 s of a core.
    adam = StackedAdam([p.detach()[None] for p in network.parameters()])
    updates = adam.updates([Rule(rate=0.01, decay=0.01)])
    for _ in range(STEPS):
        network.zero_grad()
        functional.cross_entropy(network(x), y, label_smoothing=0.1).backward()
        updates.apply([[p.grad] for p in network.parameters() if p.grad is not None])
    return [p.detach().contiguous() for p in network.parameters()]


def _single(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _digest(arrays: list[torch.Tensor] | list[np.ndarray]) -> str:
    total = hashlib.sha256()
    for values in arrays:
        array = values.cpu().numpy() if isinstance(values, torch.Tensor) else values
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()[:12]


if __name__ == "__main__":
    # numpy is loaded by now: what was not set for this process before it began is refused
    processor.pin()
    for part, found in computed().items():
        print(f'    "{part}": "{found}",')
