"""One execution: in which interpreter, where, and what an error says."""

import sys

import pytest

from uphold.errors import InputError
from uphold.rendering import execution
from uphold.rendering.document import parse
from uphold.rendering.execution import Execution, Value, execute

START = "```{python}\nimport sample_results as r\n```\n\n"


@pytest.fixture(scope="module")
def facts(project_folder) -> Execution:
    return execute(parse(project_folder / "facts.qmd"))


def test_the_kernel_is_this_interpreter_in_the_documents_folder(facts, project_folder):
    assert facts.values[0] == Value(f"{sys.executable} in {project_folder.resolve()}")


def test_a_figure_has_the_same_bytes_in_every_execution(facts, sample):
    (again,) = (output["data"]["image/svg+xml"] for output in facts.outputs[1])
    assert sample.page.pictures["fig-effects-0.svg"] == again.encode()
    assert "<svg" in again


def test_an_error_names_document_line_cell_and_exception(write):
    body = f"{START}```{{python}}\n#| label: tbl-a\n#| tbl-cap: A\nx = r.draw()\nr.fail()\n```"
    path = write(body)
    with pytest.raises(InputError) as refused:
        execute(parse(path))
    assert str(refused.value) == f"{path}:13: cell 'tbl-a' failed: KeyError: 'f1'"
    assert "sample_results.py" in refused.value.__notes__[0]


def test_an_expression_that_fails_is_named(write):
    path = write(f"{START}Text\n`{{python}} r.missing` text.")
    with pytest.raises(InputError) as refused:
        execute(parse(path))
    message = str(refused.value)
    assert message.startswith(f"{path}:10: inline expression 'r.missing' failed: AttributeError")


def test_a_document_without_code_starts_no_kernel(write, monkeypatch):
    monkeypatch.setattr(execution.kernel, "started", None)
    assert execute(parse(write("Text."))) == Execution()


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"text/plain": "'0.81 ± 0.02'"}, Value("0.81 ± 0.02")),
        ({"text/plain": '"it\'s *"'}, Value("it's *")),
        ({"text/plain": "27"}, Value("27")),
        ({"text/plain": "<x>", "text/markdown": "**b**"}, Value("**b**", markdown=True)),
    ],
)
def test_values_are_text_whole_numbers_or_markdown(data, value):
    assert execution._value(data, "here") == value


@pytest.mark.parametrize("shown", ["0.8123", "np.float64(0.81)", "True", "None", "<object at 0x1>"])
def test_other_values_are_refused(shown):
    with pytest.raises(InputError, match="neither text nor a whole number"):
        execution._value({"text/plain": shown}, "here")
