"""What the edges of the bands reach: they stand in the params of scoring and of nothing before."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
EDGES = ("evaluation", "bands")


def reached(stage: str, **item: str) -> list[str]:
    """Return the params of the study that the edges of the bands are part of."""
    params = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"][stage]["do"]["params"]
    (own,) = (keys for p in params if isinstance(p, dict) for keys in p.values())
    for name, value in item.items():
        own = [p.replace("${" + name + "}", value) for p in own]
    return [p for p in own if EDGES[: len(p.split("."))] == tuple(p.split("."))]


@pytest.mark.parametrize("sweep", ["radio-ablation", "radio-untangled", "radio-mixup"])
def test_another_edge_scores_again_and_retrains_nothing(sweep):
    item = {"key": sweep, "item.study": "radio", "scale": "quick"}
    assert reached("evaluate", **item) == ["evaluation"]
    assert reached("train", **item) == []
    assert reached("prepare", key="radio", scale="quick") == []


def test_training_reads_no_code_of_the_evaluation():
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
    deps = stages["train"]["do"]["deps"]
    assert [dep for dep in deps if dep.startswith("src/studies/")]
    assert not [dep for dep in deps if "evaluation" in dep and dep.startswith("src/studies/")]
    training = (ROOT / "src" / "studies" / "radio" / "training").glob("*.py")
    assert not [path.name for path in training if "evaluation" in path.read_text("utf-8")]
