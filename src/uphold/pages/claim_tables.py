"""The tables of claims and of what an audit flags.

One with nothing to show says so in its one row.
"""

from collections.abc import Mapping, Sequence

from great_tables import GT

from uphold.analysis.model.writeup import Claim
from uphold.format import MISSING, count, counted, number, p_value
from uphold.pages import judged_again, replicated, say
from uphold.pages.say import held_against
from uphold.pages.table import SHARES, anchored, coloured, nothing, plain, without_marks
from uphold.pages.verdicts import CELLS, tested
from uphold.pages.writeup import Page
from uphold.palette import colour

FRESH = "on fresh seeds"
SAYS = "what the runs say"
ROLES = {"primary": "Primary claims", "secondary": "Exploratory claims"}

SEVERITY = {"error": colour("fails"), "warning": colour("doubtful"), "info": colour("neutral")}


def claims(page: Page) -> GT:
    """Each claim on one line, where the picture of all claims leads to: see `sentences`."""
    return _lines(page, in_order(page))


def primary(page: Page) -> GT:
    """Each claim of the page's `leading` ones on one line, under the question that it answers."""
    groups = [question for question, claims in page.leading.items() for _ in claims if question]
    shown = {key: claim for claims in page.leading.values() for key, claim in claims.items()}
    return _lines(page, shown, groups)


def exploratory(page: Page) -> GT:
    """Each other claim on one line, those that `primary` does not have."""
    return _lines(page, page.exploratory_claims if page.primary_claims else {})


def _lines(page: Page, shown: Mapping[str, Claim], groups: Sequence[str] = ()) -> GT:
    """Return a line a claim, under these titles, by default those of their roles."""
    tried = replicated.any_tried(page)
    rows = [
        (
            claim.says,
            tested(claim),
            page.shown(claim) or MISSING,
            _units(claim),
            *([replicated.word(page, key)] if tried else []),
        )
        for key, claim in shown.items()
    ]
    if not rows:
        return nothing("claim", "there are no such claims")
    widths = {"claim": "38%", "verdict": "18%", "estimate, 95 % interval": "24%"}
    widths |= {f"{say.units(page)[0]}s": "7%"} | ({FRESH: "13%"} if tried else {})
    groups = groups or [ROLES[claim.role] for claim in shown.values()]
    table = plain(rows, list(widths), groups)
    table = anchored(table, "claim", [f"claim-{key}" for key in shown])
    return coloured(table, CELLS | replicated.COLOURS).cols_width(widths)


def _units(claim: Claim) -> str:
    """Return how many units there are; of ensembles, also how many runs each is of: ``4 × 3``."""
    many = count(claim.outcome.seeds)
    return f"{many} × {count(claim.members)}" if claim.members > 1 else many


def in_order(page: Page) -> dict[str, Claim]:
    """Return the claims, primary ones first, else as they were declared."""
    return page.primary_claims | page.exploratory_claims


def sentences(page: Page) -> GT:
    """What the runs say of each claim, in full; a browser unfolds it below the claim's line too."""
    shown = in_order(page)
    rows = [(c.says, f"{c.sentence} {held_against(page, key)}".strip()) for key, c in shown.items()]
    if not rows:
        return nothing("claim", "the spec makes none")
    table = plain(rows, ["claim", SAYS]).cols_width({"claim": "30%", SAYS: "70%"})
    return anchored(table, "claim", [f"says-{key}" for key in shown])


def anova_claims(page: Page) -> GT:
    """The one-way analyses of variance among the claims, and what they could have detected.

    F, p and effect sizes are the classic ones, which take all levels to spread alike. The p
    by which a claim finds that levels differ is that of F*, which does not, or where it is larger
    the one by permutation, which is there where residuals are far from normal. That all levels
    agree has a test of its own, whose p stands in the claim's sentence. A test that no claim has
    leaves no column.
    """
    several = len(page.sweeps) > 1
    rows = [
        (
            *([page.sweep(c.sweep).title] if several else []),
            c.says,
            number(a.F, 2),
            f"{number(a.df, 0)}, {number(a.df_resid, 0)}",
            *map(p_value, (a.p, a.p_unequal, a.p_permutation, a.kruskal_p)),
            p_value(c.outcome.p),
            f"{number(a.eta_sq_partial, SHARES)}, {number(a.omega_sq_partial, SHARES)}",
            number(c.detectable, page.digits(c.metric)),
        )
        for c in page.found.claims.values()
        for a in [c.outcome.anova]
        if a
    ]
    if not rows:
        return nothing("claim", "no claim is an analysis of variance")
    tests = ["F", "df", "p", "p (F*)", "p (perm.)", "p (K.–W.)", "p to differ"]
    heads = ["sweep"] * several + ["claim", *tests, "partial η², ω²", "detectable effect"]
    filled = [i for i, column in enumerate(zip(*rows, strict=True)) if set(column) != {MISSING}]
    return plain([[row[i] for i in filled] for row in rows], [heads[i] for i in filled])


def audit(page: Page) -> GT:
    """What the audit found, sweep by sweep, errors first."""
    rows = [
        (
            page.sweep(name).title,
            r.check,
            r.severity,
            counted(r.count, r.unit.removesuffix("s")),
            without_marks(r.message),
        )
        for name, flags in page.found.audit.items()
        for r in flags
    ]
    none = [("all sweeps", "all checks", "–", "0", "nothing was found")]
    heads = ["sweep", "check", "severity", "how many", "what it means"]
    widths = dict(zip(heads, ("16%", "14%", "9%", "10%", "51%"), strict=True))
    every = [*rows, *judged_again.rows(page)] or none
    return coloured(plain(every, heads), SEVERITY).cols_width(widths)
