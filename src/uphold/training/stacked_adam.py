"""Adam and AdamW over a stack of networks, in place, each network at its own rate.

The arithmetic is torch's own fused kernel, the one behind ``torch.optim.Adam(fused=True)`` and
``torch.optim.AdamW(fused=True)``, called without the optimizer around it: that would cost a small
network more than the update itself. Each network's tensors are passed one by one, so that the
update of one cannot depend on which others are in the stack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

BETAS = (0.9, 0.999)
EPSILON = 1e-8


@dataclass(frozen=True)
class Rule:
    """How one network is updated: networks of equal rules share a kernel call.

    Attributes
    ----------
    rate : float
        The learning rate.
    decay : float
        The weight decay; 0 for none.
    coupled : bool
        Whether the decay is a part of the gradient and scaled like the rest of it, as in
        ``torch.optim.Adam``; otherwise it is that of AdamW, in units of the rate (Loshchilov &
        Hutter 2019, "Decoupled weight decay regularization").
    """

    rate: float
    decay: float = 0.0
    coupled: bool = False


class StackedAdam:
    """Adam for parameters that carry a first axis of networks.

    Parameters
    ----------
    parameters : sequence of Tensor, each of shape (networks, ...)
        Updated in place.

    Attributes
    ----------
    parameters, first, second : list of Tensor
        Parameters and their two moments.
    steps : Tensor of shape (networks,)
        How many updates each network has had.
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self.parameters = list(parameters)
        self.first = [torch.zeros_like(p) for p in parameters]
        self.second = [torch.zeros_like(p) for p in parameters]
        self.steps = torch.zeros(len(parameters[0]), device=parameters[0].device)

    def keep(self, networks: Sequence[int]) -> None:
        """Keep the networks at these positions and drop the others."""
        rows = torch.tensor(networks, dtype=torch.int64, device=self.steps.device)
        for tensors in (self.parameters, self.first, self.second):
            tensors[:] = [t[rows] for t in tensors]
        self.steps = self.steps[rows]

    def kept(self, network: int) -> dict[str, np.ndarray]:
        """Return one network's parameters, moments and steps as a checkpoint keeps them."""
        tensors = {
            f"{name}/{k}": tensor[network].cpu().numpy()
            for name, stack in self._stacks().items()
            for k, tensor in enumerate(stack)
        }
        return {**tensors, "steps": self.steps[network].cpu().numpy()}

    def restore(self, network: int, kept: Mapping[str, np.ndarray]) -> None:
        """Put one network back into a state that was kept."""
        for name, stack in self._stacks().items():
            for k, tensor in enumerate(stack):
                tensor[network] = torch.tensor(kept[f"{name}/{k}"])
        self.steps[network] = float(kept["steps"])

    def _stacks(self) -> dict[str, list[Tensor]]:
        return {"parameters": self.parameters, "first": self.first, "second": self.second}

    def updates(self, rules: Sequence[Rule | None]) -> "Updates":
        """Prepare the updates of the first ``len(rules)`` networks, a rule for each.

        A network whose rule is None stays as it is.
        """
        return Updates(self, rules)


class Updates:
    """The updates of some networks under fixed rules, ready to be repeated."""

    def __init__(self, adam: StackedAdam, rules: Sequence[Rule | None]) -> None:
        self.steps = adam.steps[: len(rules)]
        self.counted = torch.tensor([float(r is not None) for r in rules]).to(self.steps.device)
        # The kernels of Adam and of AdamW without decay are the same arithmetic.
        groups = {rule: [k for k, r in enumerate(rules) if r == rule] for rule in rules if rule}
        self.groups = [(rule, self._tensors(adam, ks), ks) for rule, ks in groups.items()]

    @staticmethod
    def _tensors(
        adam: StackedAdam, networks: list[int]
    ) -> tuple[list[Tensor], list[Tensor], list[Tensor], list[Tensor]]:
        def each(stacks: list[Tensor]) -> list[Tensor]:
            return [stack[k] for stack in stacks for k in networks]

        steps = [adam.steps[k] for _ in adam.parameters for k in networks]
        return each(adam.parameters), each(adam.first), each(adam.second), steps

    def apply(self, gradients: Sequence[Sequence[Tensor]]) -> None:
        """Update once.

        Parameters
        ----------
        gradients : sequence over parameters of sequences over networks
            The gradient of each parameter of each network, in the parameter's shape.
        """
        self.steps.add_(self.counted)
        for rule, (parameters, first, second, steps), networks in self.groups:
            update = torch._fused_adam_ if rule.coupled else torch._fused_adamw_
            update(
                parameters,
                [of_parameter[k] for of_parameter in gradients for k in networks],
                first,
                second,
                [],
                steps,
                lr=rule.rate,
                beta1=BETAS[0],
                beta2=BETAS[1],
                weight_decay=rule.decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )
