"""The names of the study's scores are the keys of evaluation.scores in its params."""
