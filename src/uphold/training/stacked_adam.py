"""Adam and AdamW over a stack of networks, in place, each network at its own rate.

The arithmetic is torch's own fused kernel, the one behind ``torch.optim.Adam(fused=True)`` and
``torch.optim.AdamW(fused=True)``, called without the optimizer around it: that would cost a small
network more than the update itself. Each network's tensors are passed one by one, so that the
update of one cannot depend on which others are in the stack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    matrices : bool
        Whether the decay is of matrices and kernels alone, not of biases and normalisations.
    """

    rate: float
    decay: float = 0.0
    coupled: bool = False
    matrices: bool = False


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
    steps : list of Tensor, each of shape (networks,)
        How many updates each network has had, parameter by parameter.
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self.parameters = list(parameters)
        self.first = [torch.zeros_like(p) for p in parameters]
        self.second = [torch.zeros_like(p) for p in parameters]
        self.steps = [torch.zeros(len(p), device=p.device) for p in parameters]
        self._of_each: list[list[tuple[Tensor, ...]]] = []

    @property
    def networks(self) -> int:
        """How many networks there are."""
        return len(self.steps[0])

    def keep(self, networks: Sequence[int], parameters: Sequence[Tensor] | None = None) -> None:
        """Keep the networks at these positions and drop the others.

        Their parameters are copied, or are those that are given.
        """
        self._of_each = []
        rows = torch.tensor(networks, dtype=torch.int64, device=self.steps[0].device)
        for tensors in (self.parameters, self.first, self.second, self.steps):
            tensors[:] = [t[rows] for t in tensors]
        if parameters is not None:
            self.parameters[:] = parameters

    @property
    def of_each(self) -> list[list[tuple[Tensor, ...]]]:
        """Parameter, moments and steps of each network: parameter by parameter, views."""
        if not self._of_each:
            stacks = self.parameters, self.first, self.second, self.steps
            self._of_each = [
                list(zip(*(stack.unbind() for stack in those), strict=True))
                for those in zip(*stacks, strict=True)
            ]
        return self._of_each

    def kept(self, network: int) -> dict[str, np.ndarray]:
        """Return one network's parameters, moments and steps as a checkpoint keeps them."""
        tensors = {
            f"{name}/{k}": tensor[network].cpu().numpy()
            for name, stack in self._stacks().items()
            for k, tensor in enumerate(stack)
        }
        return {**tensors, "steps": torch.stack(self.steps)[:, network].cpu().numpy()}

    def restore(self, network: int, kept: Mapping[str, np.ndarray]) -> None:
        """Put one network back into a state that was kept."""
        for name, stack in self._stacks().items():
            for k, tensor in enumerate(stack):
                tensor[network] = torch.tensor(kept[f"{name}/{k}"])
        for steps, number in zip(self.steps, kept["steps"], strict=True):
            steps[network] = float(number)

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
        self.steps = [steps[: len(rules)] for steps in adam.steps]
        self.counted = torch.tensor([float(r is not None) for r in rules]).to(self.steps[0].device)
        # The kernels of Adam and of AdamW without decay are the same arithmetic.
        self.groups: dict[Rule, list[tuple[int, int, tuple[Tensor, ...]]]] = {}
        for number, (parameter, of_each) in enumerate(
            zip(adam.parameters, adam.of_each, strict=True)
        ):
            for k, (rule, tensors) in enumerate(zip(rules, of_each, strict=False)):
                if rule is not None:
                    self.groups.setdefault(_of(rule, parameter), []).append((number, k, tensors))

    def apply(self, gradients: Sequence[Sequence[Tensor] | None]) -> None:
        """Update once.

        Parameters
        ----------
        gradients : sequence over parameters of sequences over networks
            The gradient of each parameter of each network, in the parameter's shape. A parameter
            without any, None, stays as it is.
        """
        learning = [s for s, g in zip(self.steps, gradients, strict=True) if g is not None]
        torch._foreach_add_(learning, [self.counted] * len(learning))
        for rule, members in self.groups.items():
            found = [
                (*tensors, of_each[k])
                for number, k, tensors in members
                if (of_each := gradients[number]) is not None
            ]
            if not found:
                continue
            parameters, first, second, steps, slopes = map(list, zip(*found, strict=True))
            update = torch._fused_adam_ if rule.coupled else torch._fused_adamw_
            update(
                parameters,
                slopes,
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


def clipped(gradients: Sequence[Tensor], largest: float) -> None:
    """Scale the gradients of one network, in place, so that their norm is at most so large."""
    norm = torch.stack([gradient.norm() for gradient in gradients]).norm()
    for gradient in gradients:
        gradient.mul_((largest / (norm + 1e-6)).clamp_max(1))


def _of(rule: Rule, parameter: Tensor) -> Rule:
    """Return the rule of one parameter, (networks, ...)."""
    spared = rule.matrices and parameter.dim() <= 2
    return replace(rule, decay=0.0 if spared else rule.decay, matrices=False)
