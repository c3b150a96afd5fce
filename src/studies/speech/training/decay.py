"""Weight decay as Adam has it: a part of the gradient, scaled like the rest of it.

``torch.optim.AdamW``, by which networks are trained here, has its decay beside the gradient
(Loshchilov & Hutter 2019, "Decoupled weight decay regularization"); with its own decay at 0, and
this one, it is ``torch.optim.Adam(weight_decay=...)``.
"""

from torch import Tensor, nn


def add_to_gradients(model: nn.Module, decay: float) -> None:
    """Let every gradient of a network hold `decay` times its parameter, biases included."""

    def decayed(parameter: Tensor) -> None:
        if parameter.grad is not None:
            parameter.grad.add_(parameter.detach(), alpha=decay)

    if decay:
        for parameter in model.parameters():
            parameter.register_post_accumulate_grad_hook(decayed)
