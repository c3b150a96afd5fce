"""evalstats: compare() against a baseline; a unit is an item, repeats within it are runs."""

from importlib.metadata import version

from asked import NoQuestionError, main


def load():
    global pd, es
    import evalstats as es
    import pandas as pd

    return f"evalstats {version('evalstats')}"


def ask(path, question):
    if question["crossed"]:
        raise NoQuestionError
    runs = pd.read_csv(path)
    columns = {"arm": "model", question["unit"]: "item", "accuracy": "score"}
    if question["unit"] == "speaker":
        runs["item"] = runs["speaker"] + "-" + runs["clip"].astype(str)
        columns = {"arm": "model", "accuracy": "score"}
    elif question["within"]:
        columns[question["within"]] = "run"
    else:
        runs = runs.rename(columns={"seed": "item"})
        columns = {"arm": "model", "accuracy": "score"}
    data = es.load_from(runs, col_map=columns)
    try:
        result = es.compare(data, factors="model", baseline="base", score_range=(0, 1))
    except es.errors.MissingCellsError:
        result = es.compare(data, factors="model", baseline="base", method="lmm")
    found = result.to_dict()
    notes = [f"{note['severity']}: {note['message']}" for note in found["notes"]]
    return {"pairwise": found["pairwise"], "said": notes}


def read(raw, question):
    answers = {}
    for pair in raw["pairwise"]:
        if "base" in (pair["a"], pair["b"]):
            arm = pair["b"] if pair["a"] == "base" else pair["a"]
            change = pair["diff"] if arm == pair["a"] else -pair["diff"]
            sure = pair["significant"]
            answers[arm] = ("better" if change > 0 else "worse") if sure else "unclear"
    return answers


if __name__ == "__main__":
    main(load, ask, read)
