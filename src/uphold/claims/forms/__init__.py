"""The forms of claims, one in each file: the key that a spec has for it, and all that it means.

A file holds the form's model, its test, when that meets what is claimed, what it would take, its
sentences, the runs that it rests on, and the scores under which it fails: see
`uphold.claims.claim.Claim`. A further form is a file of its own and its class in the list below.

Specs and params are read by these files, in every stage and command: what needs numpy's company
(pandas, scipy, the statistics) is imported in the functions that use it.
"""

from uphold.claims.claim import Claim
from uphold.claims.forms.anova import AnovaClaim
from uphold.claims.forms.bound import BoundClaim
from uphold.claims.forms.contrast import ContrastClaim
from uphold.claims.forms.gain import GainClaim
from uphold.claims.forms.interaction import InteractionClaim

FORMS: dict[str, type[Claim]] = {
    kind.form: kind for kind in (ContrastClaim, InteractionClaim, AnovaClaim, BoundClaim, GainClaim)
}
