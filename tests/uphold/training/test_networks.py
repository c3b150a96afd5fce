"""Training by automatic differentiation: the chosen epoch, failures, draws, prediction."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from uphold.randomness import generator
from uphold.training import networks
from uphold.training.dropout import Dropout
from uphold.training.initial import initialise
from uphold.training.sampling import batches


class Regression:
    """Learns y = 2 x + 1 from 64 points."""

    def __init__(self, seed: int = 1, *, scores: list[float] | None = None) -> None:
        self.seed, self.scores = seed, scores
        self.model = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), Dropout(0.25), nn.Linear(16, 1))
        initialise(self.model, seed)
        self.x = torch.linspace(-1, 1, 64)[:, None]

    def batches(self, epoch: int) -> Iterator[Tensor]:
        order = generator(self.seed, "order", epoch).permutation(64)
        return (self.x[rows] for rows in batches(order, 16))

    def loss(self, batch: Tensor) -> Tensor:
        return functional.mse_loss(self.model(batch), 2 * batch + 1)

    def validate(self) -> dict[str, float]:
        self.validated = getattr(self, "validated", 0) + 1
        if self.scores:
            return {"validation_loss": self.scores[self.validated - 1]}
        return {"validation_loss": float(self.loss(self.x))}


def weights(model: nn.Module) -> list[Tensor]:
    return [value.clone() for value in model.state_dict().values()]


def test_it_learns() -> None:
    learner = Regression()
    fit = networks.fit(learner, [0.02] * 40, seed=1)
    assert fit.failure is None
    assert fit.history["validation_loss"][-1] < 0.1 * fit.history["validation_loss"][0]
    assert fit.history["epoch"].tolist() == list(range(1, 41))


@pytest.mark.parametrize("first", [1, -1])
def test_batches_and_dropout_draw_by_the_number_of_the_first_epoch(first, monkeypatch) -> None:
    learner, asked, drawn = Regression(), [], []
    whole, reseed = learner.batches, networks.dropout.reseed
    learner.batches = lambda epoch: asked.append(epoch) or whole(epoch)
    monkeypatch.setattr(
        networks.dropout,
        "reseed",
        lambda model, seed, epoch: drawn.append(epoch) or reseed(model, seed, epoch),
    )
    fit = networks.fit(learner, [0.01] * 3, seed=1, first=first)
    assert asked == drawn == [first, first + 1, first + 2]
    assert fit.history["epoch"].tolist() == [1, 2, 3]


def test_the_best_epochs_weights_are_kept() -> None:
    short, long = Regression(scores=[3, 1]), Regression(scores=[3, 1, 2, 2])
    networks.fit(short, [0.01] * 2, seed=1)
    fit = networks.fit(long, [0.01] * 4, seed=1)
    assert fit.best_epoch == 2
    for ours, theirs in zip(weights(long.model), weights(short.model), strict=True):
        assert torch.equal(ours, theirs)


def test_a_higher_score_can_be_the_better_one() -> None:
    fit = networks.fit(Regression(scores=[1, 3, 2]), [0.01] * 3, seed=1, higher=True)
    assert fit.best_epoch == 2


def test_without_a_score_the_last_epoch_is_kept() -> None:
    fit = networks.fit(Regression(scores=[1, 3, 2]), [0.01] * 3, seed=1, chosen_by=None)
    assert fit.best_epoch == 3


def test_patience_ends_it() -> None:
    fit = networks.fit(Regression(scores=[2, 1, 3, 3, 3]), [0.01] * 5, seed=1, patience=2)
    assert fit.history["epoch"].tolist() == [1, 2, 3, 4]
    assert fit.best_epoch == 2


def test_a_loss_that_is_not_finite_is_a_failure_with_its_epoch() -> None:
    learner = Regression()
    learner.x = learner.x * torch.inf
    fit = networks.fit(learner, [0.01] * 3, seed=1)
    assert fit.failure == "the training loss is not finite in epoch 1"


def test_weight_decay_shrinks_kernels_and_leaves_biases() -> None:
    class Still(Regression):
        def loss(self, batch: Tensor) -> Tensor:
            return sum(parameter.sum() for parameter in self.model.parameters()) * 0.0

    learner = Still()
    with torch.no_grad():
        learner.model[0].bias.fill_(1)
    before = weights(learner.model)
    networks.fit(learner, [0.1], seed=1, weight_decay=0.5, chosen_by=None)
    after = weights(learner.model)
    # Four batches, each times 1 - rate * decay.
    torch.testing.assert_close(after[0], before[0] * (1 - 0.1 * 0.5) ** 4)
    assert torch.equal(after[1], before[1])


def test_equal_seeds_train_equal_bits_and_others_do_not() -> None:
    def trained(seed: int) -> list[Tensor]:
        learner = Regression(seed)
        networks.fit(learner, [0.01] * 2, seed=seed)
        return weights(learner.model)

    torch.manual_seed(5)
    first = trained(1)
    torch.manual_seed(6)
    assert all(map(torch.equal, first, trained(1)))
    assert not torch.equal(first[0], trained(2)[0])


def test_a_shared_part_starts_alike_beside_other_parts() -> None:
    class Two(nn.Module):
        def __init__(self, more: bool) -> None:
            super().__init__()
            if more:
                self.extra = nn.Linear(7, 7)
            self.shared = nn.Conv1d(2, 4, 3)

    alone, beside = Two(more=False), Two(more=True)
    for model in (alone, beside):
        initialise(model, 3)
    assert torch.equal(alone.shared.weight, beside.shared.weight)
    assert alone.shared.weight.std() > 0.1
    assert (alone.shared.bias == 0).all()


def test_a_layer_may_start_as_it_must() -> None:
    class Identity(nn.Linear):
        def start(self) -> None:
            nn.init.eye_(self.weight)

    model = nn.Sequential(Identity(3, 3))
    initialise(model, 1)
    assert torch.equal(model[0].weight, torch.eye(3))


def test_predict_gives_every_row_once_and_drops_nothing() -> None:
    learner = Regression()
    (out,) = networks.predict(learner.model, learner.x, batch_size=10)
    learner.model.eval()
    torch.testing.assert_close(out, learner.model(learner.x).detach())


def test_dropout_layer_keeps_the_mean_and_needs_numbers() -> None:
    layer = Dropout(0.25).train()
    x = torch.ones(400, 100)
    with pytest.raises(RuntimeError, match="reseed"):
        layer(x)
    layer.rng = generator(1, "dropout")
    out = layer(x)
    assert out.mean().item() == pytest.approx(1, abs=0.01)
    assert (out == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert np.unique(out.numpy()).size == 2
