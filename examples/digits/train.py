"""Handwritten digits told apart by a small network, by scikit-learn alone."""

import argparse
import json
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--alpha", type=float, default=1e-4)
    parser.add_argument("--scale", action="store_true", help="scale pixels to unit variance")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()

    x, y = load_digits(return_X_y=True)
    # One split for all runs: seeds differ in the network, not in what it is tested on.
    rest, test, y_rest, y_test = train_test_split(x, y, test_size=0.5, random_state=0, stratify=y)
    train, validation, y_train, y_validation = train_test_split(
        rest, y_rest, test_size=0.25, random_state=0, stratify=y_rest
    )
    network = MLPClassifier(
        (asked.hidden,), alpha=asked.alpha, random_state=asked.seed, max_iter=asked.epochs
    )
    model = make_pipeline(StandardScaler(), network) if asked.scale else network
    model.fit(train, y_train)
    scores = {
        "validation_accuracy": model.score(validation, y_validation),
        "accuracy": model.score(test, y_test),
        "train_loss": network.loss_,
    }
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "metrics.json").write_text(json.dumps(scores))
    lines = ["epoch,train_loss", *(f"{i},{loss}" for i, loss in enumerate(network.loss_curve_, 1))]
    (asked.out / "metrics.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
