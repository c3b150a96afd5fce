"""A run log of real audio: is a spoken digit the one that is listened for, by speakers never heard?

    python bench/spoken_digits.py CLIPS RUNS.csv SPEC.yaml

CLIPS is a folder of the Free Spoken Digit Dataset (CC BY-SA 4.0), whose files are called
``{digit}_{speaker}_{index}.wav``. One digit is the call; two speakers are held out, and a third of
the others' clips are drawn for training by the seed. The model is ridge regression on random
features of a log spectrum; all 40 runs take a few seconds. Varied are the number of features, the
penalty, and whether clips with noise are added. Written are the log and a spec with five claims.
"""

import itertools
import sys
import wave
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.randomness import generator

CALL, HELD_OUT = "7", ("theo", "yweweler")
FEATURES, PENALTIES, SEEDS = (64, 256), (1.0, 30.0), (123, 456, 789, 1011, 1213)
BANDS, PARTS = 20, 8
SPEC = """
replicate: seed
factors: [features, penalty, noise]
metrics:
  ood_f1: {label: OOD F1, kind: f1, better: higher, margin: 0.02}
  iid_f1: {label: IID F1, kind: f1, better: higher, margin: 0.02}
primary: ood_f1
claims:
  more-features-help: {metric: ood_f1, contrast: {factor: features, from: 64, to: 256}}
  noise-helps: {metric: ood_f1, contrast: {factor: noise, from: false, to: true}}
  penalty-does-nothing:
    metric: ood_f1
    contrast: {factor: penalty, from: 1.0, to: 30.0}
    expect: no-effect
  noise-needs-features:
    metric: ood_f1
    interaction:
      of: {factor: noise, from: false, to: true}
      with: {factor: features, from: 64, to: 256}
    expect: difference
  all-above-half: {metric: iid_f1, bound: {at_least: 0.5}}
"""


def main(clips: str, runs: str, spec: str) -> None:
    """Write the log and its spec."""
    paths = sorted(Path(clips).glob("*_*_*.wav"))
    x = np.stack([spectrum(path) for path in paths])
    call = np.array([path.name[0] == CALL for path in paths])
    out = np.array([path.name.split("_")[1] in HELD_OUT for path in paths])
    rows = []
    for seed, features, penalty, noise in itertools.product(
        SEEDS, FEATURES, PENALTIES, (False, True)
    ):
        found = scores(x, call, out, seed, features, penalty, noise)
        rows.append((seed, features, penalty, noise, *found))
    columns = ["seed", "features", "penalty", "noise", "ood_f1", "iid_f1"]
    pd.DataFrame(rows, columns=columns).round(4).to_csv(runs, index=False)
    Path(spec).write_text(SPEC.lstrip(), "utf-8")


def spectrum(path: Path) -> np.ndarray:
    """Return the log power of a clip in bands and parts of its length, shape (bands × parts,)."""
    with wave.open(str(path)) as file:
        y = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 2**15
    power = [np.abs(np.fft.rfft(part, 1024)[1:]) ** 2 for part in np.array_split(y, PARTS)]
    edges = np.unique(np.geomspace(1, 513, BANDS + 1).round().astype(int)) - 1
    bands = np.stack([np.add.reduceat(p, edges[:-1]) for p in power])
    return np.log10(bands + 1e-6).ravel()


def scores(
    x: np.ndarray,
    call: np.ndarray,
    out: np.ndarray,
    seed: int,
    features: int,
    penalty: float,
    noise: bool,
) -> tuple[float, float]:
    """Train one run and return its F1 for the speakers held out and for the others."""
    rng = generator(seed, "spoken digits")
    trained = ~out & (rng.random(call.size) < 1 / 3)
    inputs, target = x[trained], call[trained]
    if noise:
        inputs = np.concatenate([inputs, inputs + 0.5 * rng.standard_normal(inputs.shape)])
        target = np.concatenate([target, target])
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0)
    into = rng.standard_normal((x.shape[1], features)) / np.sqrt(x.shape[1])
    h = np.tanh((inputs - middle) / spread @ into)
    gram = h.T @ h + penalty * np.eye(features)
    weights = np.linalg.solve(gram, h.T @ (target - 0.1))
    heard = np.tanh((x - middle) / spread @ into) @ weights > 0.2
    return f1(heard[out], call[out]), f1(heard[~out & ~trained], call[~out & ~trained])


def f1(heard: np.ndarray, call: np.ndarray) -> float:
    """Return 2 tp / (2 tp + fp + fn)."""
    hits = float((heard & call).sum())
    return 2 * hits / float(heard.sum() + call.sum())


if __name__ == "__main__":
    main(*sys.argv[1:])
