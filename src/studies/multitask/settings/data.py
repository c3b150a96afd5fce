"""Settings of the multitask study: where its data come from."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from uphold.sources.settings import SourceSettings
from uphold.validation import Settings

Share = Annotated[float, Field(gt=0, lt=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Synthetic(Settings):
    """How many figures are drawn, how hard they are to read, and from which seed.

    Attributes
    ----------
    seed : int
        Everything that is drawn follows from it.
    train, validation, test : int
        Images in each split.
    contrast : float
        How strongly a texture modulates the brightness of its figure.
    clutter : float
        Brightness of the strokes and waves behind a figure, where a figure has about 1.
    noise : float
        Standard deviation of the noise of each pixel, in the same unit.
    """

    seed: int = 2025
    train: PositiveInt = 1200
    validation: PositiveInt = 400
    test: PositiveInt = 2400
    contrast: Annotated[float, Field(ge=0, le=1)] = 0.6
    clutter: Weight = 0.2
    noise: Weight = 0.12


class Npz(Settings):
    """Grids of one's own in an ``.npz`` file; splits are drawn, stratified by head A.

    Attributes
    ----------
    validation_share, test_share : float
        How much of all items goes to each.
    split_seed : int
        Of the draw, and of that of the limit.
    at_most : int or None
        Items that are used, drawn by head A; None: all.
    """

    validation_share: Share = 0.15
    test_share: Share = 0.25
    split_seed: int = 0
    at_most: PositiveInt | None = None


class Data(SourceSettings):
    """Where the data come from.

    Attributes
    ----------
    source : {"synthetic", "npz"}
    path : str
        The ``.npz`` file, or a folder that holds one, relative to the project.
    synthetic, npz
        The settings of each source; those of the other are without effect.
    """

    source: Literal["synthetic", "npz"] = "synthetic"
    path: str = "data/grids"
    synthetic: Synthetic = Synthetic()
    npz: Npz = Npz()

    def _made(self) -> dict[str, float]:
        return {"training images": self.synthetic.train, "test images": self.synthetic.test}
