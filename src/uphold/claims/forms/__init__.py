"""The forms of claims, one in each file: the key that a spec has for it, and all that it means.

A file holds the form's model, its test, when that meets what is claimed, what it would take, its
sentences, the runs that it rests on, and the scores under which it fails: see
`uphold.claims.claim.Claim`. A further form is a file of its own and its class in the list below.

Specs and params are read by these files, in every stage and command: what needs numpy's company
(pandas, scipy, the statistics) is imported in the functions that use it.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from uphold.claims.claim import Claim, Common
from uphold.claims.forms.anova import AnovaClaim
from uphold.claims.forms.bound import BoundClaim
from uphold.claims.forms.contrast import ContrastClaim
from uphold.claims.forms.gain import GainClaim
from uphold.claims.forms.interaction import InteractionClaim
from uphold.claims.forms.slope import SlopeClaim
from uphold.claims.forms.stability import StabilityClaim

FORMS: dict[str, type[Claim]] = {
    kind.form: kind
    for kind in (
        ContrastClaim,
        InteractionClaim,
        AnovaClaim,
        BoundClaim,
        GainClaim,
        StabilityClaim,
        SlopeClaim,
    )
}


def _of_one_form(values: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(values, Mapping):
        return handler(values)
    given = [name for name in FORMS if values.get(name) is not None]
    common = {key: value for key, value in values.items() if key not in FORMS}
    if len(given) == 1:
        return FORMS[given[0]].model_validate({**common, given[0]: values[given[0]]})
    # A misspelt form is a key that does not exist: that says more, and is said first.
    Common.model_validate(common)
    has = " and ".join(given) or "none"
    raise ValueError(
        f"a claim has one form of {', '.join(FORMS)}, and this has {has}: give one, such as"
        " contrast: {factor: mixup, from: false, to: true}."
    )


AnyClaim = Annotated[
    Claim,
    WrapValidator(_of_one_form),
    Field(
        examples=[
            {
                "metric": "f1",
                "contrast": {"factor": "mixup", "from": False, "to": True},
                "expect": "increase",
            }
        ]
    ),
]
"""A claim as a spec writes it: one of the form whose key it has, and of exactly one."""
