import pytest

from uphold.errors import InputError
from uphold.runlog.importers.settings_files import read_settings


def test_tags_of_python_say_nothing_and_make_nothing(tmp_path):
    path = tmp_path / "hparams.yaml"
    path.write_text(
        "betas: !!python/tuple [0.9, 0.99]\n"
        "args: !!python/object:argparse.Namespace {lr: 0.1}\n"
        "act: !!python/name:torch.nn.ReLU ''\n"
        f"run: !!python/object/apply:os.system ['touch {tmp_path / 'made'}']\n"
        "none: null\n"
    )
    assert read_settings(path) == {
        "betas": [0.9, 0.99],
        "args": {"lr": 0.1},
        "act": "",
        "run": [f"touch {tmp_path / 'made'}"],
        "none": None,
    }
    assert not (tmp_path / "made").exists()


def test_an_empty_file_has_no_settings(tmp_path):
    (tmp_path / "empty.yaml").touch()
    assert read_settings(tmp_path / "empty.yaml") == {}


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [1", "expected"),
        ("- 1\n", "holds list"),
        ("{[1]: 2}", "unhashable"),
        ("a: " + "[" * 100_000 + "]" * 100_000, "nested more than 50 deep"),
        ("- " * 100_000 + "a", "nested more than 50 deep"),
        ("a: " + "[" * 900 + "]" * 900, "nested more than 50 deep"),
        (BOMB, "more than 100,000 values"),
        ("a: &a [" + "1, " * 60_000 + "]\nb: *a", "more than 100,000 values"),
        ("a: &a {b: *a}", "nested more than 50 deep"),
        (b"a: \xff", "codec"),
    ],
)
def test_what_is_no_settings_is_named(tmp_path, text, what):
    path = tmp_path / "hparams.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=rf"hparams\.yaml holds no settings in YAML \(.*{what}"):
        read_settings(path)
