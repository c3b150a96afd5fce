"""The lanes against the same training written down plainly: autograd, torch.optim, a loop.

Both use the run's own random streams, so that all that can differ is rounding.
"""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from studies.calls.settings.run import CallsRun
from studies.calls.training import train
from studies.calls.training.dense import Batched, Looped
from studies.calls.training.training_set import training_set
from uphold.randomness import generator
from uphold.training.contract import Task

BASE = {"hidden_units": 32, "epochs": 1, "learning_rate": 1e-3, "qualities": ("high", "medium")}
CASES = {
    "plain": {"dropout": 0},
    "dropout": {},
    "coarse dropout": {"dropout": 0.33},
    "linear head": {"hidden_units": 0},
    "linear head, mixup": {"hidden_units": 0, "mixup": True, "dropout": 0},
    "mixup": {"mixup": True, "mixup_alpha": 0.4},
    "smoothing": {"label_smoothing": True},
    "mixup and smoothing": {"mixup": True, "label_smoothing": True, "smoothing_epsilon": 0.2},
    "focal": {"focal_loss": True},
    "focal with everything": {
        "focal_loss": True,
        "focal_gamma": 1.5,
        "focal_alpha": 0.6,
        "mixup": True,
        "label_smoothing": True,
    },
    "adamw": {"optimizer": "adamw", "weight_decay": 0.1},
    "cosine": {"schedule": "cosine", "epochs": 3},
    "warm-up": {"schedule": "warmup-cosine", "epochs": 3},
    "upsampling": {"upsampling_ratio": 1, "upsampling_mode": "linear"},
    "balance": {"balance": True},
    "small batches": {"batch_size": 7},
    "large batches": {"batch_size": 50},
    "one batch": {"batch_size": 500},
}


def memory_rows(n, batch):
    """Return where each example of an epoch lies among the rows that random bytes are drawn for."""
    block = -(-batch // 32) * 32
    return np.array([i // batch * block + i % batch for i in range(n)]), -(-n // batch) * block


def kept(seed, epoch, depth, rows, width, rate):
    """Return a dropout mask: a unit is dropped if its byte is below round(256 rate)."""
    count = rows * width
    words = generator(seed, "dropout", epoch, depth).bit_generator.random_raw(-(-count // 8))
    noise = words.view(np.uint8)[:count].reshape(rows, width)
    return torch.from_numpy((noise >= round(256 * rate)) / (1 - round(256 * rate) / 256)).float()


def loss_of(run, logits, y):
    if not run.focal_loss:
        return binary_cross_entropy_with_logits(logits, y, reduction="none")
    p = torch.sigmoid(logits)
    p_t = y * p + (1 - y) * (1 - p)
    weight = y * run.focal_alpha + (1 - y) * (1 - run.focal_alpha)
    entropy = binary_cross_entropy_with_logits(logits, y, reduction="none")
    return weight * (1 - p_t) ** run.focal_gamma * entropy


def initial(run, seed, features, classes):
    widths = [features, run.hidden_units, classes] if run.hidden_units else [features, classes]
    net = []
    for depth, (i, o) in enumerate(pairwise(widths)):
        rng = generator(seed, "initial", depth)
        if depth < len(widths) - 2:
            weight = rng.standard_normal((i, o), dtype=np.float32) * np.sqrt(2 / i)
        else:
            weight = rng.uniform(-1, 1, (i, o)) * np.sqrt(6 / (i + o))
        net += [torch.tensor(weight, dtype=torch.float32), torch.zeros(o)]
    return [parameter.requires_grad_() for parameter in net]


def rate_of(run, epoch):
    if run.schedule == "cosine":
        return run.learning_rate * (1 + np.cos(np.pi * epoch / run.epochs)) / 2
    if run.schedule == "warmup-cosine":
        assert run.epochs <= 5
        return run.learning_rate * (epoch + 1) / run.epochs
    return run.learning_rate


def forward(net, x, masks=None):
    for depth in range(len(net) // 2):
        if masks:
            x = x * masks[depth]
        x = x @ net[2 * depth] + net[2 * depth + 1]
        if depth < len(net) // 2 - 1:
            x = torch.relu(x)
    return x


def plainly(run, seed, data):
    """Train one run; return its predictions and its losses by epoch."""
    rows = training_set(run, seed, data)
    n, features = rows.x.shape
    net = initial(run, seed, features, rows.y.shape[1])
    if run.optimizer == "adamw":
        optimizer = torch.optim.AdamW(net, weight_decay=run.weight_decay)
    else:
        optimizer = torch.optim.Adam(net)
    where, memory = memory_rows(n, run.batch_size)
    history = []
    for epoch in range(run.epochs):
        optimizer.param_groups[0]["lr"] = rate_of(run, epoch)
        order = generator(seed, "shuffle", epoch + 1).permutation(n)
        x, y = rows.x[order], rows.y[order]
        if run.mixup:
            rng = generator(seed, "mixup", epoch + 1)
            weight = torch.tensor(rng.beta(run.mixup_alpha, run.mixup_alpha, n)).float()[:, None]
            partner = rng.permutation(n)
            x = weight * x + (1 - weight) * rows.x[partner]
            y = weight * y + (1 - weight) * rows.y[partner]
        if run.label_smoothing:
            y = y * (1 - run.smoothing_epsilon) + run.smoothing_epsilon / 2
        masks = None
        if run.dropout:
            widths = [features, run.hidden_units] if run.hidden_units else [features]
            masks = [
                kept(seed, epoch + 1, depth, memory, width, run.dropout)[where]
                for depth, width in enumerate(widths)
            ]
        total = 0.0
        for start in range(0, n, run.batch_size):
            rows_here = slice(start, start + run.batch_size)
            logits = forward(net, x[rows_here], masks and [mask[rows_here] for mask in masks])
            losses = loss_of(run, logits, y[rows_here])
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            total += losses.sum().item()
        with torch.no_grad():
            logits = forward(net, data.validation.x)
            validation = binary_cross_entropy_with_logits(logits, data.validation.y).item()
        history.append((total / y.numel(), validation))
    with torch.no_grad():
        splits = {"validation": data.validation, **data.tests}
        predictions = {s: torch.sigmoid(forward(net, r.x)).numpy() for s, r in splits.items()}
    return predictions, np.array(history)


def check(run, data, products):
    got = train([Task(run, 11)], data, "cpu", products=products)[0]
    predictions, history = plainly(run, 11, data)
    assert got.failure is None
    assert list(got.predictions) == ["validation", "iid", "ood"]
    for split, expected in predictions.items():
        assert got.predictions[split].dtype == np.float32
        np.testing.assert_allclose(got.predictions[split], expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(got.history["train_loss"], history[:, 0], atol=1e-5)
    np.testing.assert_allclose(got.history["validation_loss"], history[:, 1], atol=1e-5)
    rates = [rate_of(run, epoch) for epoch in range(run.epochs)]
    np.testing.assert_allclose(got.history["learning_rate"], rates)
    assert got.history["epoch"].tolist() == list(range(1, run.epochs + 1))


@pytest.mark.parametrize("products", [Looped(), Batched()], ids=["looped", "batched"])
@pytest.mark.parametrize("case", CASES)
def test_one_head(prepared, case, products):
    check(CallsRun(**{**BASE, **CASES[case]}), prepared(), products)


@pytest.mark.parametrize("products", [Looped(), Batched()], ids=["looped", "batched"])
def test_a_head_wide_enough_for_onednn(prepared, products):
    check(
        CallsRun(**{**BASE, "hidden_units": 272, "mixup": True}), prepared(features=256), products
    )


@pytest.mark.parametrize("focal", [False, True])
def test_several_labels(prepared, focal):
    run = CallsRun(**{**BASE, "focal_loss": focal, "mixup": True, "upsampling_ratio": 1})
    check(run, prepared(classes=3), Looped())
