"""The study as the shared stages see it: settings and scores are declared in its params."""

from uphold.command.study import of_params

STUDY = of_params("blueprint")
