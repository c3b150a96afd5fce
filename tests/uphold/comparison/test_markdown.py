"""What a reader of a pull request sees: a sentence first, short tables, counts of the rest."""

import numpy as np
import pytest

from uphold.comparison.changes import changes
from uphold.comparison.findings import Findings, Judged, Score
from uphold.comparison.machines import as_json
from uphold.comparison.markdown import markdown
from uphold.comparison.shown import code, estimate, words

from .reruns import page, source

A = Judged("supported", 0.5, 0.4, 0.6, 0.0001, 0.0001, 8)
B = Judged("inconclusive", 0.1, -0.1, 0.3, 0.3, 0.4, 8)
C = Judged("refuted", -1.0, -1.1, -0.9, 0.0001, 0.0001, 8)


def of_claims(**claims: Judged) -> Findings:
    return Findings(claims, {}, {})


def shown(a: Findings, b: Findings, **more) -> str:
    return markdown(changes(source(a, "A", **more), source(b, "B")))


def test_nothing_that_changed_is_one_sentence_and_a_count():
    same = page(np.random.default_rng(1))
    text = shown(same, same)
    assert text.startswith(
        "Nothing changed from `A` to `B`: 10 verdicts and 60 scores are the same."
    )
    assert "|" not in text and "###" not in text


def test_nothing_in_common_is_said():
    text = shown(of_claims(a=A), of_claims(b=A))
    assert text.startswith("Nothing to compare: `A` and `B` have no claim and no score in common.")
    assert "- 1 claim came: `b`." in text and "- 1 claim went: `a`." in text


def test_an_alarm_says_what_and_by_how_much():
    text = shown(of_claims(c=A), of_claims(c=B))
    said = "Alarm from `A` to `B`: 1 of 1 verdict changed by more than noise, 0 within it"
    assert text.startswith(said)
    assert (
        "| `c` | supported → **inconclusive** | 0.50 (0.40 to 0.60) | 0.10 (−0.10 to 0.30)"
        " | the estimate moved by −0.40" in text
    )


def test_a_flip_within_noise_is_no_alarm_and_says_so():
    text = shown(of_claims(c=A), of_claims(c=B._replace(estimate=0.45, ci_high=1, units=12)))
    assert text.startswith("No alarm from")
    assert "flipped within noise: no alarm" in text
    assert "more seeds (8 → 12); nothing but noise: the estimate moved by" in text


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (A._replace(verdict="inconclusive", p_adjusted=0.06), "adjusted p < .001 → p = .060"),
        (A._replace(verdict="void", p=None), "it can no longer be tested"),
        (B._replace(ci_low=None, ci_high=None), "without intervals to compare"),
        (B._replace(units=5), "fewer seeds (8 → 5)"),
    ],
)
def test_each_reason_has_its_words(after, says):
    assert says in shown(of_claims(c=A), of_claims(c=after)).replace("\N{NO-BREAK SPACE}", " ")


def test_other_seeds_of_run_logs_are_a_reason():
    text = shown(of_claims(c=A), of_claims(c=B), seeds=frozenset("12345678"))
    assert "other seeds (8 on each side)" in text


def test_many_lines_are_capped_and_counted():
    rng = np.random.default_rng(2)
    a, b = page(rng, configurations=40), page(rng, configurations=40, spread=0.01)
    far = {
        name: {m: s._replace(mean=s.mean + 9) for m, s in scores.items()}
        for name, scores in b.configurations.items()
    }
    many = {f"c{i}": A for i in range(30)}
    text = shown(
        Findings(many, a.configurations, {}),
        Findings(dict.fromkeys(many, C), {**far, **{f"new {i}": {} for i in range(9)}}, {}),
    )
    assert len(text.splitlines()) < 45
    assert "And 20 more claims." in text
    assert "And 190 more scores: `m" in text
    assert "- 9 configurations came: `new 0`, `new 1`, `new 2` and 6 more." in text


def test_json_has_every_line():
    many = {f"c{i}": A for i in range(30)}
    found = as_json(changes(source(of_claims(**many)), source(of_claims(**dict.fromkeys(many, C)))))
    assert found["alarm"] and len(found["verdicts"]["changed"]) == 30
    assert found["summary"].startswith("Alarm")
    assert found["verdicts"]["changed"][0]["why"]


def test_what_is_deterministic_is_shown_as_it_is():
    a, b = (Findings({}, {"x": {"size": Score(v, 0.0, 0.0, 3)}}, {}) for v in (1e6, 1000001.0))
    assert "| `x` | `size` | 1000000 | 1000001 | 1 | < .001 |" in shown(a, b).replace("\xa0", " ")


def test_names_cannot_leave_their_cell():
    assert code("a`b|c\nd") == "`a'b¦c d`"
    assert words("<b>|*x*\n# y") == "&lt;b&gt;\\|\\*x\\* \\# y"
    assert len(code("x" * 500)) < 130


def test_estimates_have_as_many_decimals_as_they_mean():
    assert estimate(0.75432, 0.741, 0.767) == "0.754 (0.741 to 0.767)"
    assert estimate(0.5, None, None) == "0.500"
