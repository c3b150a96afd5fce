"""Runs in one stack: what torch computes for each alone, whoever is beside it, bit by bit."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from uphold.randomness import generator
from uphold.testing.interruption import InMemory
from uphold.threads import one_thread
from uphold.training import dropout
from uphold.training.dropout import Dropout
from uphold.training.initial import initialise
from uphold.training.program import Images
from uphold.training.sampling import batches
from uphold.training.stack import fit_together
from uphold.training.stacked_run import Course

ROWS, BATCH, NETWORKS = 70, 16, 4  # batches of 14 rows


class Small(nn.Module):
    """Every kind of layer that goes side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.within = nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False)
        self.across = nn.Conv2d(4, 6, 1, stride=2)
        self.drop = Dropout(0.25)
        self.head = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.across(self.within(functional.relu(self.norm(self.first(x)))))
        return self.head(self.drop(h.mean(dim=(2, 3))))


class Classes:
    """A run that tells three classes of noise apart by their brightness."""

    def __init__(self, seed: int, spoilt: int | None = None) -> None:
        self.seed, self.spoilt = seed, spoilt
        self.model = Small()
        initialise(self.model, seed)
        rng = generator(seed, "data")
        self.y = torch.from_numpy(rng.integers(3, size=ROWS))
        noise = torch.from_numpy(rng.standard_normal((ROWS, 1, 12, 12)).astype(np.float32))
        self.x = noise + self.y[:, None, None, None]

    def epoch(self, number: int) -> list[Tensor]:
        order = generator(self.seed, "order", number).permutation(ROWS)
        x = self.x * (torch.nan if number == self.spoilt else 1)
        return [x[order], functional.one_hot(self.y, 3).float()[order]]

    def judged(self, number: int) -> dict[str, Tensor]:
        return {"all": self.x}

    def scores(self, number: int, outputs: dict[str, list[Tensor]]) -> dict[str, float]:
        (logits,) = outputs["all"]
        return {"validation_loss": float(functional.cross_entropy(logits, self.y))}


def loss(outputs: list[Tensor], batch: list[Tensor]) -> Tensor:
    (logits,), (y,) = outputs, batch
    return -(y * functional.log_softmax(logits, dim=-1)).sum(dim=-1).mean(dim=1)


def course(seed: int, **more: object) -> Course:
    rates = [0.03 / (seed + 1), 0.01, 0.02, 0.01][: 2 + seed % 3]
    return Course(seed, rates, weight_decay=0.01 * (seed % 2), **more)


def together(learners: list[Classes], **more: object) -> list[tuple]:
    """Return history and weights of each run."""
    runs = [(learner, course(learner.seed, **more)) for learner in learners]
    with one_thread():
        fits = fit_together(runs, Images(loss), batch_size=BATCH, device="cpu", networks=NETWORKS)
    return [(fit, learner.model.state_dict()) for fit, learner in zip(fits, learners, strict=True)]


def same(one: tuple, other: tuple) -> bool:
    histories = [
        np.array_equal(values, other[0].history[name], equal_nan=True)
        for name, values in one[0].history.items()
    ]
    return all(histories) and all(torch.equal(v, other[1][n]) for n, v in one[1].items())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_is_trained_as_torch_trains_it_alone(seed: int) -> None:
    """Momentum, decay, running statistics and masks included."""
    ours = together([Classes(5), Classes(seed)], chosen_by=None)[1]
    learner = Classes(seed)
    how = course(seed)
    adam = torch.optim.Adam(learner.model.parameters(), weight_decay=how.weight_decay)
    losses = []
    for number, rate in enumerate(how.rates, start=1):
        adam.param_groups[0]["lr"] = rate
        learner.model.train()
        dropout.reseed(learner.model, seed, number)
        x, y = learner.epoch(number)
        for rows in batches(np.arange(ROWS), BATCH):
            adam.zero_grad()
            value = functional.cross_entropy(learner.model(x[rows]), y[rows])
            value.backward()
            adam.step()
            losses.append(value.item())
    fit, state = ours
    np.testing.assert_allclose(
        fit.history["train_loss"], np.reshape(losses, (-1, 5)).mean(axis=1), rtol=1e-4
    )
    for name, value in learner.model.state_dict().items():
        torch.testing.assert_close(state[name], value, rtol=2e-3, atol=2e-4)


def test_company_and_place_change_no_bit() -> None:
    alone = {seed: together([Classes(seed)])[0] for seed in range(5)}
    for seeds in ([0, 1], [3, 0, 2], [1, 2, 3, 4], [4, 3, 2, 1], [2, 0, 4, 1, 3]):
        for seed, found in zip(seeds, together([Classes(s) for s in seeds]), strict=True):
            assert same(found, alone[seed]), (seed, seeds)
    assert not same(alone[0], alone[3])


def test_runs_that_are_not_a_number_fail_and_leave_the_others_alone() -> None:
    alone = together([Classes(2)])[0]
    for place in range(3):
        learners = [Classes(4, spoilt=2), Classes(1, spoilt=1)]
        learners.insert(place, Classes(2))
        found = together(learners)
        assert same(found.pop(place), alone)
        assert [fit.failure for fit, _ in found] == [
            "the training loss is not finite in epoch 2",
            "the training loss is not finite in epoch 1",
        ]
        assert [len(fit.history["epoch"]) for fit, _ in found] == [2, 1]


def test_a_run_stops_by_itself_and_keeps_its_best_epoch() -> None:
    class Scored(Classes):
        def scores(self, number: int, outputs: dict[str, list[Tensor]]) -> dict[str, float]:
            return {"validation_loss": [3.0, 1.0, 2.0, 2.0][number - 1]}

    stopped, other = together([Scored(2), Classes(5)], patience=1)
    assert stopped[0].history["epoch"].tolist() == [1, 2, 3]
    assert stopped[0].best_epoch == 2
    assert int(stopped[1]["norm.num_batches_tracked"]) == 2 * 5
    assert same(other, together([Classes(5)], patience=1)[0])


def test_a_killed_run_goes_on_whatever_its_neighbours_have_come_to() -> None:
    kept = InMemory()
    whole = together([Classes(2)], checkpoint=kept)[0]
    assert len(kept.states) == 4
    for state in kept.states:
        runs = [
            (Classes(1), course(1)),
            (Classes(2), course(2, checkpoint=InMemory(state))),
            (Classes(3), course(3)),
        ]
        with one_thread():
            fits = fit_together(
                runs, Images(loss), batch_size=BATCH, device="cpu", networks=NETWORKS
            )
        assert same((fits[1], runs[1][0].model.state_dict()), whole)


def test_without_a_number_of_networks_runs_that_are_done_leave_the_program() -> None:
    learners = [Classes(seed) for seed in (0, 2, 1)]
    runs = [(learner, course(learner.seed)) for learner in learners]
    with one_thread():
        fits = fit_together(runs, Images(loss), batch_size=BATCH, device="cpu")
    for learner, fit in zip(learners, fits, strict=True):
        (expected,) = together([Classes(learner.seed)])
        assert len(fit.history["epoch"]) == len(expected[0].history["epoch"])
        np.testing.assert_allclose(
            fit.history["train_loss"], expected[0].history["train_loss"], rtol=1e-3
        )
