"""Two states of results → what changed between them, why, and what of it is more than noise.

In: two revisions of the repository, two ``findings.json`` or two run logs. Out: verdicts that
changed, scores that moved, what came and went, as Markdown for a pull request or as JSON. Promised:
where runs were only repeated on other seeds, the chance that a comparison raises any alarm stays
below `uphold.error_rates.ALPHA`, however many claims and scores it compares: half of it is for
claims and half for scores, each by Holm. Nothing is checked out, written or trained.
"""
