"""Whether what a page finds holds at a larger scale.

In: the analysis of a page, and what ``bench/agreement.py`` kept of the same sweeps on more data,
with longer training or wider networks. Out: a section's sentences, table and figure; a sentence for
the head of the page; which verdicts turn round, for whoever gives advice.
Promised: both sides are compared when the page is made, so that the comparison is of the runs that
the page shows.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TypeGuard

import numpy as np
from great_tables import GT
from matplotlib.figure import Figure

from uphold import palette
from uphold.analysis.agreement import Sides, effects, excludes, verdict
from uphold.analysis.model.writeup import Writeup
from uphold.format import (
    MISSING,
    Ends,
    count,
    counted,
    difference,
    exact,
    level,
    name,
    named,
    percent,
)
from uphold.pages import drawing, explained
from uphold.pages.drawing import GREY, PALETTE, cut
from uphold.pages.table import coloured, nothing, plain
from uphold.pages.writeup import Page
from uphold.palette import colour

COLOURS = {
    "same sign": colour("holds"),
    "sign differs": colour("doubtful"),
    "turns round": colour("fails"),
}


def sentence(page: Page) -> str:
    """Say how much larger the other scale is, and how many effects have the same sign there."""
    larger = page.larger
    if not larger.scale:
        return (
            f"This was not tried at a larger scale: python bench/agreement.py {page.name} does so,"
            " and this section then compares the two."
        )
    sides = [one for one in _effects(page) if one.signs != "not tried"]
    trained = f"At scale {larger.scale} {_how_much_larger(page)}"
    if not sides:
        return f"{trained}. None of the effects below was tried there as it now stands."
    signs = Counter(one.signs for one in sides)
    same = signs["same sign"]
    all_same = same == len(sides)
    many = f"{count(same)} of {count(len(sides))}" if same else f"none of {count(len(sides))}"
    if all_same:
        many = "both" if same == 2 else f"all {count(same)}"
    have = "has" if same == 1 else "have"
    text = (
        f"{trained}. There {many} effects {have} the same sign."
        if len(sides) > 1
        else f"{trained}. There the one effect {'keeps its sign' if same else 'changes its sign'}."
    )
    return " ".join(filter(None, [text, _of_the_others(sides), _left_out(page)]))


def _of_the_others(sides: list[Sides]) -> str:
    """Say how many of the effects that can be told from zero change their sign."""
    clear = [
        one
        for one in sides
        if one.there
        and (excludes(one.here.ci_low, one.here.ci_high)
             or excludes(one.there.ci_low, one.there.ci_high))
    ]  # fmt: skip
    if not clear:
        return "No effect can be told from zero at either scale."
    changed = sum(one.signs != "same sign" for one in clear)
    turned = sum(one.signs == "turns round" for one in clear)
    text = f"{counted(len(clear), 'effect')} can be told from zero at one scale at least"
    if not changed:
        whole = {1: "it keeps its sign", 2: "both keep their signs"}
        return f"{text}; {whole.get(len(clear), 'all keep their signs')}."
    which = {1: "it has", 2: "both have"}.get(len(clear), f"all {count(changed)} have")
    if changed < len(clear):
        which = f"{count(changed)} of them {'has' if changed == 1 else 'have'}"
    clearly = f"{count(turned)} of these clearly so at both"
    if turned in (0, changed):
        clearly = "clearly so at both" if turned else "though not clearly so at both"
    return f"{text}; {which} the opposite sign at the other, {clearly}."


def _left_out(page: Page) -> str:
    left = sum(one.signs == "not tried" for one in _effects(page))
    was = "was" if left == 1 else "were"
    now = "in its present form" if left == 1 else "in their present form"
    return f"{counted(left, 'effect')} {was} not tried there {now}." * bool(left)


def _how_much_larger(page: Page) -> str:
    """Say by what the larger scale is larger."""
    here, there = page.writeup.sizes, page.larger.sizes
    parts = [
        f"{percent(there[of])} of the epochs instead of {percent(size.here)}"
        if size.of == "training" and size.full <= 1  # a scale of what each arm has
        else f"{_many(there[of])} {name(of)} instead of {_many(size.here)}"
        for of, size in here.items()
        if size.of != "network" and there.get(of, size.here) > size.here
    ]
    wider = any(size.of == "network" and there.get(of, 0) > size.here for of, size in here.items())
    parts += ["wider networks"] * wider
    return f"there are {named(parts)}" if parts else "nothing that params count is larger"


def _many(size: float) -> str:
    return count(size) if size == int(size) else exact(size)


def of_verdicts(page: Page) -> str:
    """Say what the larger scale says of the claims that are decided here."""
    said = _verdicts(page)
    tried = {key: what for key, what in said.items() if what != "not tried"}
    if not page.larger.scale:
        return ""
    if not tried:
        return "No claim that is decided here was tried there as it now stands."
    many = Counter(tried.values())
    parts = [
        f"{count(many[said])} {'is' if many[said] == 1 else 'are'} {words}"
        for said, words in (("held", "decided alike"), ("not decided again", "not confirmed"))
        if many[said]
    ]
    turned = _turned(page)
    parts += ["none turns round"] * (not turned)
    whom = f"Of the {count(len(tried))} claims that are decided here and were tried there, "
    if len(tried) == 1:
        whom, parts = (
            "There, the one claim that is decided here ",
            [one[2:] for one in parts[:1] if not turned],
        )
    text = f"{whom}{named(parts)}." if parts else ""
    return " ".join(filter(None, [text, _turn_round(page, turned) if turned else ""]))


def briefly(page: Page) -> str:
    """Say how many of the claims that are decided here a larger scale confirms, in one sentence."""
    tried = [said for said in _verdicts(page).values() if said != "not tried"]
    if not tried:
        return ""
    held = sum(said == "held" for said in tried)
    if len(tried) == 1:
        return f"A larger scale {'confirms' if held else 'does not confirm'} the one that it tried."
    many = count(held) if held else "none"
    return f"A larger scale confirms {many} of the {count(len(tried))} tried there."


def head(page: Page) -> str:
    """Say, for the head of the page, which of its conclusions turn round at a larger scale."""
    turned = _turned(page)
    return f"{_turn_round(page, turned)} No advice is given on that." if turned else ""


def _turn_round(page: Page, claims: list[str]) -> str:
    says = "; ".join(f"“{page.found.claims[key].says.rstrip('.')}”" for key in claims)
    if len(claims) == 1:
        return f"One conclusion turns round at a larger scale: the verdict on {says}."
    return f"{count(len(claims))} conclusions turn round at a larger scale: the verdicts on {says}."


def turns_round(page: Page, claim: str) -> bool:
    """Whether a claim's verdict is another one at the larger scale."""
    return _verdict(page, claim) == "contradicted"


def sign_differs(page: Page, claim: str) -> bool:
    """Whether an effect that has a sign here has the other one there, where it is undecided.

    Of a gain that was claimed, and of a bound, the limit decides and not the sign.
    """
    if _verdict(page, claim) != "not decided again":
        return False
    here, there = page.claim(claim), page.larger.claims[claim].estimate
    place, outcome = here.in_margins, here.outcome
    if place is None or place.claimed or here.estimates == "mean" or there is None:
        return False
    none = 1.0 if outcome.ratio else 0.0
    return excludes(outcome.ci_low, outcome.ci_high, none) * (there - none) < 0


def beside(page: Page, claim: str) -> str:
    """Say that a verdict turns round at the larger scale, or changes its sign; else nothing."""
    if turns_round(page, claim):
        return "It turns round at a larger scale."
    if not sign_differs(page, claim):
        return ""
    there, shown = page.larger.claims[claim], page.claim(claim)
    if shown.outcome.ratio:
        return "At a larger scale the effect points the other way, undecided."
    ends = Ends(there.ci_low, there.ci_high, there.estimate)
    value = difference(ends, page.digits(shown.metric))
    return f"At a larger scale the effect points the other way, undecided: {value}."


def unconfirmed(page: Page, claims: Iterable[str]) -> bool:
    """Whether one of some verdicts was not decided again at the larger scale."""
    return any(_verdict(page, claim) == "not decided again" for claim in claims)


def table(page: Page) -> GT:
    """Each effect here and at the larger scale, and how the signs compare."""
    digits = page.digits(page.primary)
    several = len(page.sweeps) > 1
    rows = [
        (
            *([page.sweep(one.sweep).title] if several else []),
            _step(one),
            difference(one.here, digits),
            difference(_ends(one), digits) if one.there else MISSING,
            one.signs,
        )
        for one in _effects(page)
    ]
    if not rows or not page.larger.scale:
        return nothing("effect", "none was tried at a larger scale")
    heads = ["effect", f"here ({page.writeup.scale})", f"larger ({page.larger.scale})", "signs"]
    return coloured(plain(rows, ["sweep"] * several + heads), COLOURS)


def figure(page: Page) -> Figure:
    """Draw each effect at both scales, with intervals; the margin is shaded."""
    sides = [one for one in _effects(page) if _both(one)]
    if not sides:
        return drawing.note("No effect was tried at a larger scale.")
    margin = page.margin(page.primary)
    # rows stand closer where they would else be higher than a page
    drawn, axis = drawing.axes(7, min(1.1 + 0.36 * len(sides), drawing.PAGE - 2 * explained.LINE))
    axis.axvspan(-margin, margin, color=palette.colour("band"))
    axis.axvline(0, color=GREY, linewidth=0.8)
    scales = ((page.writeup.scale, -0.16), (page.larger.scale, 0.16))
    for (scale, shift), tint in zip(scales, PALETTE, strict=False):
        ends = [one.here if shift < 0 else _ends(one) for one in sides]
        value, low, high = (
            np.array([getattr(e, part) for e in ends], float)
            for part in ("value", "ci_low", "ci_high")
        )
        axis.errorbar(
            value,
            np.arange(len(sides)) + shift,
            xerr=[value - low, high - value],
            fmt="o",
            markersize=4.5,
            elinewidth=1.4,
            color=tint,
            label=scale,
        )
    axis.set_yticks(range(len(sides)), [cut(_step(one), 48) for one in sides])
    axis.set_ylim(len(sides) - 0.5, -0.5)
    axis.set_xlabel(f"effect on {page.label(page.primary)} (shaded: ±{exact(margin)})")
    drawn.legend(loc="outside lower center", ncols=2, fontsize="x-small")
    digits = page.digits(page.primary)
    parts = [
        f"{_step(one)} {difference(one.here, digits)}, {difference(_ends(one), digits)}"
        for one in sides
    ]
    units = [(page.sweep(one.sweep).unit, one.here.seeds) for one in sides]
    others = [(page.sweep(one.sweep).unit, one.there.n) for one in sides if one.there]
    here, there = page.writeup.scale, page.larger.scale
    return explained.explain(
        drawn,
        f"Dots: mean differences. Lines: {explained.over(units)} at scale {here},"
        f" {explained.over(others)} at scale {there}. Shaded: too small to matter.",
        f"Effects on {page.label(page.primary)} at scale {here}, then at scale {there}:"
        f" {explained.listed(parts)}",
    )


def smaller(page: Page) -> str:
    """Say what of data and networks is less than at scale full; nothing where nothing is."""
    less = {of: size for of, size in page.writeup.sizes.items() if size.here < size.full}
    parts = [
        f"{_many(size.here)} of {_many(size.full)} {of}"
        for of, size in less.items()
        if size.of == "data"
    ]
    times = [size.full / size.here for size in less.values() if size.of == "network"]
    text = f"Scale {page.writeup.scale} has {named(parts)}." if parts else ""
    if not times:
        return text
    at_least = "" if max(times) == min(times) else "as little as "
    its = "Its networks" if text else "Networks"
    return f"{text} {its} have {at_least}{_of_the_width(max(times))}.".strip()


def _of_the_width(times: float) -> str:
    """Return what is left of a width, in words where it is a part that has a short name."""
    for part, text in ((2, "half"), (4, "a quarter of"), (8, "an eighth of")):
        if times == part:
            return f"{text} the width"
    return f"{percent(1 / times)} of the width"


def _effects(page: Page) -> list[Sides]:
    """Return the effects; where arms are one arm under two names nothing was compared."""
    found = effects(page.writeup, page.larger)
    return [one for one in found if {one.here.value, one.here.ci_low, one.here.ci_high} != {0}]


def _both(one: Sides) -> bool:
    return one.signs != "not tried"


def _ends(one: Sides) -> Ends:
    assert one.there is not None
    return Ends(one.there.ci_low, one.there.ci_high, one.there.estimate)


def _step(one: Sides) -> str:
    return f"{name(one.here.factor)}: {level(one.here.from_)} → {level(one.here.to)}"


def _verdict(page: Page, claim: str) -> str:
    return verdict(page.found, page.larger, claim) if _of_study(page.found) else "not tried"


def _of_study(found: object) -> TypeGuard[Writeup]:
    return isinstance(found, Writeup)


def _verdicts(page: Page) -> dict[str, str]:
    decided = (key for key, c in page.found.claims.items() if c.verdict != "inconclusive")
    return {key: _verdict(page, key) for key in decided}


def _turned(page: Page) -> list[str]:
    return [key for key, said in _verdicts(page).items() if said == "contradicted"]
