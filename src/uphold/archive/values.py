"""What single printed numbers say of each other.

In: printed values, by their place in a table or as a sentence quotes them. Out: findings. Promised:
two prints of one quantity agree wherever rounding alone can explain their distance.
"""

from itertools import combinations

from uphold.archive.finding import Finding
from uphold.archive.printed import points, read
from uphold.archive.tables import Tables, Value, printed_text
from uphold.errors import InputError
from uphold.format import signed
from uphold.validation import Settings


class Same(Settings):
    """One quantity (or one setting) that is printed in several places."""

    quantity: str
    values: list[Value]

    def __call__(self, tables: Tables) -> Finding:
        """Compare every two prints."""
        texts = [printed_text(value, tables) for value in self.values]
        different = list(dict.fromkeys(texts))
        try:
            numbers = [read(text) for text in different]
        except InputError:
            agree, found = len(different) == 1, {}
        else:
            agree = all(
                a.agrees(b.value, b.slack) and (not (a.sd and b.sd) or a.sd.agrees(b.sd.value))
                for a, b in combinations(numbers, 2)
            )
            found = {f"value.{i}": n.value for i, n in enumerate(numbers, 1)}
        listed = " and ".join(f"‘{text}’" for text in different)
        if agree:
            return Finding("supported", f"{self.quantity} is printed as {listed}.", found)
        text = f"{self.quantity} is printed with different values: {listed}."
        return Finding("contradicted", text, found)


class Delta(Settings):
    """A stated difference of two printed quantities, each perhaps printed more than once."""

    of: list[Value]
    minus: list[Value]
    stated: str

    def __call__(self, tables: Tables) -> Finding:
        """Take every difference that the prints allow."""
        stated = read(self.stated)
        sides = [[read(printed_text(v, tables)) for v in side] for side in (self.of, self.minus)]
        found: dict[float, bool] = {}
        for a in sides[0]:
            for b in sides[1]:
                difference = round(a.value - b.value, 9)
                found[difference] = stated.agrees(difference, a.half + b.half)
        show = points if "pp" in self.stated else lambda d: signed(d, 4)
        wrong = [show(d) for d, holds in found.items() if not holds]
        right = [show(d) for d, holds in found.items() if holds]
        numbers = {f"difference.{i}": d for i, d in enumerate(found, 1)}
        if not wrong:
            return Finding("supported", f"The printed values give {' or '.join(right)}.", numbers)
        text = f"Printed values give {' or '.join(wrong)}, not {self.stated}."
        if right:
            text = (
                f"The printed values give {' or '.join(right)} in one place and"
                f" {' or '.join(wrong)} in another."
            )
        return Finding("contradicted", text, numbers)


class Best(Settings):
    """A value that is called the best so far, beside others of the same run."""

    best: Value
    beside: list[Value]

    def __call__(self, tables: Tables) -> Finding:
        """Look for a larger one."""
        best = printed_text(self.best, tables)
        others = [printed_text(value, tables) for value in self.beside]
        highest = max(others, key=lambda text: read(text).value)
        numbers = {"best": read(best).value, "highest": read(highest).value}
        if numbers["highest"] > numbers["best"]:
            return Finding(
                "contradicted", f"The best is {best}; beside it stands {highest}.", numbers
            )
        return Finding("supported", f"No larger value is printed beside {best}.", numbers)
