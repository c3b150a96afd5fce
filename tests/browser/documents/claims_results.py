"""What the document of these tests calls in place of `uphold.pages`: claims, short and in full."""

from typing import Any

WORDS = "golf hotel alpha kilo delta juliet bravo lima mike echo india foxtrot charlie november"
KEYS = WORDS.split()
VERDICTS = ("● supported", "○ undecided, fragile", "■ no difference that matters")
HEADS = ["claim", "verdict", "estimate, 95 % interval", "seeds", "on fresh seeds"]
GROUPED = ["papa", "quebec", "romeo"]
UNSAID = "november"


def says(key: str) -> str:
    return f"The arm {key} gains more than any arm that is as large."


def line(number: int, key: str) -> tuple[str, ...]:
    interval = f"+0.{number:02} (0.00 to 0.50) against 0.02 claimed"
    return says(key), VERDICTS[number % 3], interval, "8", "not decided again"


def claims() -> Any:
    """Claims without groups: there are controls that sort and filter them."""
    from uphold.pages.table import anchored, plain

    rows = [line(number, key) for number, key in enumerate(KEYS)]
    return anchored(plain(rows, HEADS), "claim", [f"claim-{key}" for key in KEYS])


def groups() -> Any:
    from uphold.pages.table import anchored, plain

    rows = [line(number, key) for number, key in enumerate(GROUPED)]
    table = plain(rows, HEADS, ["Primary claims", "Primary claims", "Exploratory claims"])
    return anchored(table, "claim", [f"claim-{key}" for key in GROUPED])


def sentences() -> Any:
    """In full, all but one, in an order of its own."""
    from uphold.pages.table import anchored, plain

    keys = sorted({*KEYS, *GROUPED} - {UNSAID})
    rows = [(says(key), f"Of {key} the runs say this. " * 9) for key in keys]
    table = plain(rows, ["claim", "what the runs say"])
    return anchored(table, "claim", [f"says-{key}" for key in keys])


def picture() -> Any:
    from uphold.pages import drawing

    figure, _ = drawing.axes(7, 2)
    for place, key in enumerate(["charlie", "lima", "romeo"]):
        figure.text(0.1, 0.2 + 0.3 * place, f"to {key}     to {key}", url=f"#claim-{key}")
    return figure
