"""One execution: in which interpreter, where, and what an error says."""

import os
import select
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.rendering import execution, kernel
from uphold.rendering.document import parse
from uphold.rendering.execution import Execution, Value

START = "```{python}\nimport sample_results as r\n```\n\n"


def execute(path: Path) -> Execution:
    with kernel.started(path.parent) as warm, warm.session() as session:
        return execution.execute(parse(path), session)


@pytest.fixture(scope="module")
def facts(project_folder) -> Execution:
    return execute(project_folder / "facts.qmd")


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
        execute(path)
    assert str(refused.value) == f"{path}:13: cell 'tbl-a' failed: KeyError: 'f1'"
    assert "sample_results.py" in refused.value.__notes__[0]


def test_an_expression_that_fails_is_named(write):
    path = write(f"{START}Text\n`{{python}} r.missing` text.")
    with pytest.raises(InputError) as refused:
        execute(path)
    message = str(refused.value)
    assert message.startswith(f"{path}:10: inline expression 'r.missing' failed: AttributeError")


def test_a_sign_that_the_font_of_figures_lacks_puts_no_warning_on_the_page(write):
    cell = "figure = r.figure()\nfigure.suptitle('\u65e5\u672c')\nfigure"
    (shown,) = execute(write(f"{START}```{{python}}\n{cell}\n```")).outputs[1]
    assert "image/svg+xml" in shown["data"]


def test_what_is_printed_and_shown_stands_in_its_order(write):
    cell = "r.say(1)\nr.say(2)\nr.show()\nr.say(3)\nr.markdown('*end*')"
    outputs = execute(write(f"{START}```{{python}}\n{cell}\n```")).outputs[1]
    assert [(o["output_type"], o.get("text") or o["data"]["text/markdown"]) for o in outputs] == [
        ("stream", "printed 1\nprinted 2\n"),
        ("display_data", "*shown*"),
        ("stream", "printed 3\n"),
        ("execute_result", "*end*"),
    ]


def test_a_document_knows_nothing_of_another_in_the_same_kernel(write):
    count = "`{python} r.count()`"
    first, second = (write(f"{START}{count} {count}", name) for name in ("first", "second"))
    with kernel.started(first.parent, ["sample_results"]) as warm:
        for path in (first, second):
            with warm.session() as session:
                found = execution.execute(parse(path), session)
            assert [value.text for value in found.values.values()] == ["1", "2"]


def test_an_interpreter_that_dies_is_named(write):
    path = write(f"{START}```{{python}}\nr.die()\n```")
    with pytest.raises(InputError) as refused:
        execute(path)
    assert str(refused.value) == f"{path}:9: this cell did not end: the interpreter died."


@pytest.mark.parametrize("asked", ["before it ends", "after"])
def test_an_interpreter_whose_files_the_system_refuses_says_so_in_one_line(
    asked, write, tmp_path, monkeypatch, capfd
):
    (tmp_path / "profile_default").write_text("a file, in which no folder can be made")
    monkeypatch.setattr(kernel, "TemporaryDirectory", lambda **options: nullcontext(str(tmp_path)))
    path = write("```{python}\n1\n```")
    with pytest.raises(InputError) as refused, kernel.started(path.parent) as warm:
        if asked == "after":
            select.select([warm._control], [], [])
        with warm.session() as session:
            execution.execute(parse(path), session)
    assert str(refused.value).startswith(f"{path}:5: this cell did not end: ")
    assert str(tmp_path / "profile_default") in str(refused.value)
    assert capfd.readouterr().err == ""


def test_a_cell_that_hangs_is_named_and_ended(write, monkeypatch, tmp_path):
    monkeypatch.setattr(kernel, "CELL_SECONDS", 5)
    path = write(f"{START}```{{python}}\nr.hang()\n```")
    with pytest.raises(InputError, match=r":9: this cell did not end: it took more than 5 s\."):
        execute(path)
    hanging = int((tmp_path / "hanging").read_text())
    with pytest.raises(ProcessLookupError):
        for _ in range(1000):  # a process that was killed stays until it is waited for
            os.kill(hanging, 0)
            time.sleep(0.01)


def test_an_exit_is_a_failure(write):
    path = write(f"{START}```{{python}}\nr.leave()\n```")
    with pytest.raises(InputError, match=r":9: this cell failed: SystemExit: 3"):
        execute(path)


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
