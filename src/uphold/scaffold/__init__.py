"""What ``uphold new`` lays out: a small whole study, to be changed piece by piece.

``study/`` is its package, ``study.yaml`` its params, ``params.yaml`` its names in the repository's
file of that name, ``report.qmd`` its write-up, and
``files.md`` and ``published.md`` stand in the two folders that it keeps in git. `lay_out` copies
them under the new study's name.
"""

from uphold.scaffold.lay_out import lay_out

__all__ = ["lay_out"]
