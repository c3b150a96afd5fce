"""The report of anyone's run log: a packaged document, and what it needs beyond the write-ups'.

What comes in: what was computed of a log, as JSON. What goes out: one HTML file and one PDF. What
is promised: whatever stands in the log is text. It is never markup, never a formula, never a path,
and never too long for the page; nothing is computed here.
"""
