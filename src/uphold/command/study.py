"""``params/<study>.yaml`` → a study whose runs are processes, as the shared stages see it."""

from dataclasses import dataclass
from typing import Any

from uphold.command.settings import Data, Evaluation, run_class
from uphold.errors import InputError
from uphold.pipeline.params import StudyFile, file_of
from uphold.pipeline.study import Study, repository_of
from uphold.validation import read_yaml, validated


@dataclass(frozen=True)
class CommandStudy(Study):
    """A study as its params declare it, which travels to other machines as what they say."""

    declared: tuple[Data, Evaluation] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as words: classes that are made of them are made anew."""
        assert self.declared is not None
        return study_of, (self.name, *self.declared)


def of_params(name: str) -> Study:
    """Return the study that a file of params declares.

    Parameters
    ----------
    name : str
        The study's name: that of its package, and of its file.

    Raises
    ------
    InputError
        Where the file is missing, or does not declare a command.
    """
    where, path = file_of(name), repository_of(name) / file_of(name)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path} is missing, which says what {name!r} runs.") from None
    file = validated(StudyFile, read_yaml(text, where), where)
    data = validated(Data, {"path": "", **file.data}, f"{where}: data")
    return study_of(name, data, validated(Evaluation, file.evaluation, f"{where}: evaluation"))


def study_of(name: str, data: Data, evaluation: Evaluation) -> CommandStudy:
    """Return the study that is declared."""
    return CommandStudy(
        name=name,
        title=name.replace("_", " ").capitalize(),
        data=Data,
        run=run_class(name, data),
        evaluation=Evaluation,
        scores=frozenset(evaluation.scores),
        names={key: one.name for key, one in data.settings.items() if one.name},
        resources=data.resources.resources,
        is_command=True,
        declared=(data, evaluation),
    )
