"""Points on two spirals told apart by a network in PyTorch, with dropout or without."""

import argparse
import json
from pathlib import Path

import torch
from torch import nn


def points(many: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw points on two spirals, and say which spiral each is on."""
    draw = torch.Generator().manual_seed(seed)
    side = torch.arange(many) % 2
    along = torch.rand(many, generator=draw).sqrt() * 3
    angle = along * torch.pi + side * torch.pi
    x = torch.stack([along * angle.cos(), along * angle.sin()], dim=1)
    return x + 0.25 * torch.randn(many, 2, generator=draw), side


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()

    torch.manual_seed(asked.seed)
    (x, y), (x_val, y_val), (x_test, y_test) = points(400, 1), points(400, 2), points(2000, 3)
    model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Dropout(asked.dropout), nn.Linear(64, 2))
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    optimizer = kinds[asked.optimizer](model.parameters(), lr=asked.lr)
    history = ["epoch,train_loss,validation_accuracy"]

    def accuracy(x: torch.Tensor, y: torch.Tensor) -> float:
        model.eval()
        with torch.inference_mode():
            return float((model(x).argmax(1) == y).float().mean())

    for epoch in range(1, asked.epochs + 1):
        model.train()
        for rows in torch.randperm(len(x)).split(50):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        history.append(f"{epoch},{loss.item()},{accuracy(x_val, y_val)}")
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "metrics.csv").write_text("\n".join(history) + "\n")
    scores = {"val": {"acc": accuracy(x_val, y_val)}, "test": {"acc": accuracy(x_test, y_test)}}
    (asked.out / "metrics.json").write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
