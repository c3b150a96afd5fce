"""What the page says of its clips."""

from pathlib import Path

import pytest

from studies.speech.page import clips
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page

from ....partly import partly


@pytest.mark.parametrize(
    ("source", "actors", "says"),
    [
        ("synthetic", 6, ""),
        ("ravdess", 6, "The clips are by 6 of the 24 actors of RAVDESS."),
        ("ravdess", 24, "The clips are by all 24 actors of RAVDESS."),
    ],
)
def test_the_head_says_how_many_of_the_actors_there_are(source, actors, says):
    data = {"source": source, "actors": [*range(1, actors + 1)]}
    page = Page("speech-f1macro", Path(), partly(Writeup, {"data": data}))
    assert clips.actors(page) == says
