"""What ``uphold new`` and ``uphold init`` lay out: a small whole study, and a repository around it.

``study/`` is the study's package, ``study.yaml`` its params, ``params.yaml`` its names in the
repository's file of that name, ``report.qmd`` its write-up, ``published.md`` stands in the folder
of its archived write-ups. `lay_out` copies them under the new study's name, to be changed piece by
piece. ``template/`` is what stands around studies; `lay_out_repository` copies it.
"""

from uphold.scaffold.lay_out import lay_out
from uphold.scaffold.repository import lay_out_repository

__all__ = ["lay_out", "lay_out_repository"]
