"""What ``uphold new``, ``init`` and ``sweep`` lay out: a study, a repository around it, a sweep.

``study/`` is the study's package, ``study.yaml`` its params, ``params.yaml`` its names in the
repository's file of that name, ``report.qmd`` its write-up, ``published.md`` stands in the folder
of its archived write-ups. `lay_out` copies them under the new study's name, to be changed piece by
piece. ``template/`` is what stands around studies; `lay_out_repository` copies it. A sweep of one's
own (`own_sweep`; its design in `own_design`, its texts in `own_texts`) takes ``report.qmd`` for its
page, or ``section.qmd`` for one that is there.
"""

from uphold.scaffold.lay_out import lay_out
from uphold.scaffold.repository import lay_out_repository

__all__ = ["lay_out", "lay_out_repository"]
