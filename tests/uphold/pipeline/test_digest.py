"""Digests of files, and the modules that imports reach."""

from uphold.pipeline import digest


def test_imports_are_followed_and_no_further():
    found = digest.reached("uphold.pipeline.design")
    assert {"uphold.pipeline.design", "uphold.validation", "uphold.errors", "uphold"} <= found
    assert "uphold.pipeline.journal" not in found


def test_training_reaches_no_code_that_may_change_without_retraining():
    found = digest.reached("studies.calls.training")
    other = (
        "statistics",
        "claims",
        "pages",
        "pipeline",
        "cli",
        "evaluation",
    )
    assert not [m for m in found if m.split(".")[1:2] and m.split(".")[1] in other]
    assert "studies.calls.training" in found


def test_files_count_by_name_and_content(tmp_path):
    def of(**files):
        for path in tmp_path.iterdir():
            path.unlink()
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        return digest.of_files(tmp_path.iterdir(), tmp_path)

    assert of(a="1", b="2") == of(b="2", a="1")
    assert of(a="1", b="2") != of(a="2", b="1")
    assert of(a="1") != of(c="1")
