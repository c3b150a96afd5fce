"""The names of the study's scores: the columns that its evaluation gives, in their order.

``macro_f1`` and ``accuracy`` are of the test actors, by the weights of the chosen epoch.
``macro_f1_low`` and ``macro_f1_high`` bound the macro-F1 over other actors of the same kind, see
`studies.speech.evaluation.actors`. ``floor_majority`` is the macro-F1 of calling every clip by its
commonest class, ``floor_chance`` that of calling each class equally often without listening.

``ece`` is the expected calibration error on the test clips, ``overconfidence`` by how much their
mean probability of the class that is called exceeds the accuracy: of both an excess of trust
raises the first and the second, a lack of it the first alone.

The epoch is chosen on the validation actors, so that their score is too high by what the choice
fitted to them:

- ``choice_gain``: validation macro-F1 at the chosen epoch minus that after the last one;
- ``choice_kept``: the same difference on the test actors, who had no part in the choice;
- ``optimism``: ``choice_gain - choice_kept``, what is there for those who chose and no one else;
- ``validation_excess``: validation minus test macro-F1 at the chosen epoch. It holds the optimism,
  and how much easier the validation actors are.

``ensemble_gain`` is of several runs that decide together (`studies.speech.evaluation.ensembles`):
their macro-F1 minus the mean of theirs one by one. A single run has none.
"""

from studies.speech.settings.data import EMOTIONS, SENTIMENTS

CLASSES = tuple(dict.fromkeys((*SENTIMENTS, *EMOTIONS)))

GAIN = "ensemble_gain"

BY_ITEM = ("macro_f1", "accuracy", GAIN, *(f"f1_{name}" for name in CLASSES))
"""The scores of which the evaluation tells what each clip adds."""

SCORES = (
    "macro_f1",
    "macro_f1_low",
    "macro_f1_high",
    "accuracy",
    "ece",
    "overconfidence",
    "validation_macro_f1",
    "validation_accuracy",
    "last_macro_f1",
    "validation_last_macro_f1",
    "choice_gain",
    "choice_kept",
    "optimism",
    "validation_excess",
    GAIN,
    "floor_majority",
    "floor_chance",
    "test_clips",
    "test_actors",
    *(f"f1_{name}" for name in CLASSES),
)
