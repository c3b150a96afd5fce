"""What files gain of a sweep that is asked for, and that what stands in them stays."""

import re
from pathlib import Path

import pytest
import yaml

from uphold.claims.rested_on import rested_on
from uphold.errors import InputError
from uphold.pipeline import judged
from uphold.pipeline.check import check
from uphold.pipeline.params import load
from uphold.rendering import lint
from uphold.scaffold.own_sweep import lay_out_sweep
from uphold.scaffold.own_texts import lines_of_study, with_claims

from .asking import asked, everything, kept

ROOT = Path(__file__).parents[3]
CLAIMS = {"own-matters": {"says": "F1: yes, # no", "metric": "f1"}}


def test_values_are_read_back_as_they_were():
    factors = {"qualities": [["high"], ["high", "medium"]], "learning_rate": [0.00001, 0.01]}
    design = {"kind": "grid", "factors": factors, "anchors": {"mixup": True}, "seeds": [1, 2]}
    lines = lines_of_study(asked(title="Own: 'a' # b"), design, {"by": "f1"}, CLAIMS)
    written = yaml.safe_load("\n".join(line for s in lines for line in (f"{s}:", *lines[s])))
    assert written == {
        "sweeps": {"own": {"title": "Own: 'a' # b", "design": design, "promote": {"by": "f1"}}},
        "writeups": {"own": {"claims": CLAIMS}},
    }


def registered(project: Path, study: str) -> dict:
    texts = [(project / name).read_bytes() for name in ("params.yaml", f"params/{study}.yaml")]
    return dict(rested_on(*texts, study, "quick").claims)


@pytest.mark.parametrize(
    ("study", "into"),
    [("calls", "calls-stage2"), ("speech", "speech-f1macro"), ("calls", "calls-stage3")],
)
def test_a_further_sweep_of_a_write_up_leaves_its_claims_what_they_are(project, study, into):
    before, claimed = everything(project), registered(project, study)
    old = judged.judged(load(project), into).claims
    written = lay_out_sweep(asked(study=study, writeup=into), project)
    assert f"reports/{into}.qmd" in map(str, written)
    params = load(project)
    check(params, study)
    found = registered(project, study)
    assert {place: found[place] for place in claimed} == claimed
    new = judged.judged(params, into).claims
    sweeps = params.sweeps_of(into)
    for name, claim in new.items():
        assert claim.sweep == ("own" if name not in old else old[name].sweep or sweeps[0])
    assert len(new) > len(old) and sweeps[-1] == "own"
    for path in before:
        assert kept(before[path].decode(), path.read_text()) if path.suffix != ".png" else True
    document = project / "reports" / f"{into}.qmd"
    assert not list(lint(document))
    text = document.read_text()
    assert text.index(f'writeup("{into}").sweep("own")') < text.index("## What follows")


def test_a_write_up_without_claims_gets_its_first_ones(project):
    file = project / "params" / "calls.yaml"
    text = file.read_text()
    start, end = text.index("  calls-stage2:\n"), text.index("  calls-stage3:\n")
    named = project / "params.yaml"
    named.write_text(re.sub(r"    answered_by: \[smoothing-lifts\]\n", "", named.read_text()))
    for empty in ("  calls-stage2: {}\n", "  calls-stage2:\n    claims: {}   # none yet\n"):
        file.write_text(text[:start] + empty + text[end:])
        names = (project / "params.yaml").read_text()
        lay_out_sweep(asked(writeup="calls-stage2"), project)
        claims = judged.judged(load(project), "calls-stage2").claims
        assert {claim.sweep for claim in claims.values()} == {"own"} and len(claims) == 3
        (project / "params.yaml").write_text(names)


@pytest.mark.parametrize("key", ["", "claims"])
def test_claims_in_one_line_are_not_edited(key):
    text = (ROOT / "params" / "calls.yaml").read_text()
    start, end = text.index("  calls-stage2:\n"), text.index("  calls-stage3:\n")
    values = yaml.safe_load(text)["writeups"]["calls-stage2"]
    line = yaml.safe_dump(values[key] if key else values, default_flow_style=True, width=1e9)
    head = "  calls-stage2:" + (f"\n    {key}:" if key else "")
    text = f"{text[:start]}{head} {line}{text[end:]}"
    place = "writeups.calls-stage2" + (f".{key}" if key else "")
    with pytest.raises(InputError, match=f"{place} is written in one line"):
        with_claims(text, asked(writeup="calls-stage2"), load(ROOT), CLAIMS)
