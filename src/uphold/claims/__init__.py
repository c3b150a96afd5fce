"""Claims → verdicts → sentences, and audits of the run logs that they are about.

``spec`` says how a log is read and what is claimed of it, ``forms`` has a file for each kind of
claim, ``log`` reads a log, ``audits`` say what is wrong with it, ``judge`` gives the verdicts,
``sentences`` the words that these allow, and ``findings`` gathers everything for ``findings.json``.
Imports neither torch nor a study. Nothing is imported here, so that checking a spec costs no more
than pydantic.
"""
