"""Archived write-ups, judged by what they print.

``tables`` holds what was printed, ``printed`` reads one printed number with its rounding,
``archive`` reads the transcriptions of ``data/published``, ``check`` lists what a sentence can be
held against, ``decide`` gives the verdicts. The checks stand in ``rows`` (tables of runs),
``values`` (single numbers), ``designs`` (what a design could show) and ``sums`` (arithmetic).
"""
