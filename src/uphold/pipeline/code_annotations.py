"""Where annotations count: they do where a decorator or a base class may look at them."""

import ast

from uphold.pipeline.code_effects import READING_METHODS, Effects
from uphold.pipeline.code_modules import Module, Node, Outside
from uphold.pipeline.code_text import READING_TORCH, Decorated


class Looks:
    """Whether something may look at the annotations of a function or of a class."""

    def __init__(self, effects: Effects, module: Module) -> None:
        self.effects, self.module = effects, module

    def compiled(self, node: Decorated) -> bool:
        """Return whether TorchScript compiles it: it reads the types of all that stands within."""
        found = (self.effects.callee(self.module, decorator) for decorator in node.decorator_list)
        return any(isinstance(f, Outside) and f.name.startswith("torch.jit.") for f in found)

    def __call__(self, node: Decorated) -> bool:
        seen_by = [*node.decorator_list]
        if isinstance(node, ast.ClassDef):
            if any(k.arg == "metaclass" for k in node.keywords):
                return True
            if self._models(self.module, node):
                return True
        return any(not self._blind(decorator) for decorator in seen_by)

    def _blind(self, decorator: ast.expr) -> bool:
        found = self.effects.callee(self.module, decorator)
        outside = isinstance(found, Outside) and not found.name.startswith("pydantic")
        if found is None:  # such as ``@total.setter``
            function = decorator.func if isinstance(decorator, ast.Call) else decorator
            return isinstance(function, ast.Attribute) and function.attr in READING_METHODS
        if outside and found.name.startswith("torch."):
            return not found.name.startswith(READING_TORCH)
        return outside and self.effects.makes(self.module, decorator)

    def _models(self, module: Module, node: ast.ClassDef) -> bool:
        """Whether a class derives from one that converts values to what its fields say."""
        for base in node.bases:
            found = self.effects.callee(module, base)
            if isinstance(found, Outside) and found.name.startswith("pydantic"):
                return True
            if isinstance(found, Node):
                there = self.effects.names.module(found.module)
                classes = there.bindings.get(found.name, [])
                if any(not isinstance(c, ast.ClassDef) or self._models(there, c) for c in classes):
                    return True
        return False
