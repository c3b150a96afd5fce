from pathlib import Path

from uphold.analysis.model.report import FirstRows, Report
from uphold.analysis.model.runs import Along, Factor, Runs
from uphold.pages.log import tables
from uphold.pages.log.page import LogPage


def page(**parts) -> LogPage:
    return LogPage("log", Path(), Report.model_construct(**parts))


def test_headings_are_distinct():
    heads = ["no.", "runs", "runs", "F1", "runs", "F1"]
    assert tables.distinct(heads) == ["no.", "runs", "runs (2)", "F1", "runs (3)", "F1 (2)"]


def test_text_of_a_log_is_escaped_in_tables():
    flag = FirstRows(
        check="<b>",
        severity="error",
        count=5,
        unit="runs",
        message="<script>alert(1)</script>",
        rows=("<i>",),
        claims=(),
        more=4,
    )
    html = tables.audit(page(audit={"runs": (flag,)})).as_raw_html()
    assert "<script>" not in html and "<i>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (&lt;i&gt;, … 4 more)" in html


def test_what_an_audit_s_message_names_is_not_named_again_and_its_backticks_do_not_stand():
    flag = FirstRows(
        **{"check": "c", "severity": "warning", "count": 2, "unit": "claims"},
        **{"message": "Once: it differs. Claim it by `where:`.", "claims": ()},
        rows=("Once: it differs.", "Twice: it does too."),
        more=0,
    )
    html = tables.audit(page(audit={"runs": (flag,)})).as_raw_html()
    assert "Once: it differs. Claim it by “where:”. (Twice: it does too.)" in html


def test_a_table_with_nothing_to_show_says_so():
    html = tables.planned(page(next=())).as_raw_html()
    assert "nothing is open" in html


def test_numbers_stand_beside_factors_with_the_range_that_was_tried():
    runs = Runs.model_construct(
        factors=(Factor(name="optimizer", levels=("adam", "sgd"), count=2, without=0),),
        numeric=(
            Along(name="lr", scale="log", low=0.0001, high=0.1, count=40, without=0),
            Along(name="momentum", scale="linear", low=0.5, high=0.9, count=19, without=21),
            Along(name="width", scale="log", low=8, high=1024, count=8, without=0),
            Along(name="never", scale="linear", low=None, high=None, count=0, without=40),
        ),
    )
    html = tables.factors(page(sweeps={"runs": runs})).as_raw_html()
    assert "adam, sgd" in html and "0.00010 to 0.10, on a log scale" in html
    assert "8 to 1024, on a log scale" in html
    assert "0.50 to 0.90<" in html and "21" in html
