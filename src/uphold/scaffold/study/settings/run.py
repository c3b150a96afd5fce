"""Settings of the study: one run."""

from typing import Annotated, Any

from pydantic import Field, PositiveInt

from uphold.training.contract import RunSettings


class BlueprintRun(RunSettings):
    """One run of a network with one hidden layer."""

    hidden_units: PositiveInt = 32
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    label_smoothing: bool = False
    smoothing_epsilon: Annotated[float, Field(gt=0, lt=1)] = 0.1
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.01
    batch_size: PositiveInt = 64
    epochs: PositiveInt = 20

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = set() if self.label_smoothing else {"smoothing_epsilon"}
        return {k: v for k, v in super().canonical().items() if k not in without}
