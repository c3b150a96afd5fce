"""What documents may use: write-ups as the pipeline found them, their tables, figures, sentences.

Documents format and never compute. Nothing here imports torch, and nothing is imported here, so
that rendering a page does not load what draws its figures.
"""
