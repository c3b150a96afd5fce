"""What a write-up needs beside its params is there, or is named before anything runs."""

import pytest

from uphold.errors import InputError
from uphold.pipeline.documents import check_document, check_documents
from uphold.pipeline.params import load

NAMES = """\
scale: quick
journal: .uphold/journal
studies: {calls: {path: data/recordings}}
searches: {}
sweeps:
  a: {study: calls, writeup: one, after: none}
  b: {study: calls, writeup: two, after: none}
writeups:
  one: {study: calls, title: One}
  two: {study: calls, title: Two}
"""


@pytest.fixture
def params(tmp_path):
    (tmp_path / "params.yaml").write_text(NAMES)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "calls.yaml").write_text("{}")
    for name in ("one", "two"):
        page, result = tmp_path / f"reports/{name}.qmd", tmp_path / f"results/{name}"
        page.parent.mkdir(exist_ok=True)
        page.write_text("")
        result.mkdir(parents=True)
        (result / "replication.json").write_text("{}")
        (result / "larger.json").write_text("{}")
    return load(tmp_path)


def test_all_is_there(params):
    check_documents(params, "calls")


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("reports/two.qmd", r"two\.qmd is missing, the page of .*'two'.*such as .*one\.qmd"),
        ("results/two/replication.json", r"results/two/replication\.json is missing.*write \{\}"),
        ("results/two/larger.json", r"larger\.json is missing.*report@two .*write \{\}.*scale"),
    ],
)
def test_what_is_missing_is_named_with_the_way_out(params, missing, told):
    (params.root / missing).unlink()
    check_document(params, "one")
    for check, of in ((check_document, "two"), (check_documents, "calls")):
        with pytest.raises(InputError, match=told):
            check(params, of)


def test_no_other_page_is_named_where_there_is_none(params):
    for page in params.root.glob("reports/*"):
        page.unlink()
    with pytest.raises(InputError) as error:
        check_document(params, "one")
    assert "such as" not in str(error.value)
