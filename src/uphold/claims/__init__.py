"""Claims → verdicts → sentences, and audits of the run logs that they are about.

``spec`` says how a log is read and what is claimed of it, ``log`` reads it, ``audits`` say what is
wrong with it, ``judge`` gives the verdicts, and ``sentences`` the words that these
allow. Imports neither torch nor a study. Nothing is imported here, so that checking a spec costs no
more than pydantic.
"""
