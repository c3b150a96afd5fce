import pytest

from uphold.errors import InputError
from uphold.training.executors.settings import ExecutorSettings
from uphold.validation import validated


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"name": "dask"}, r"executor: name is 'dask': it should be 'local', 'ray' or 'slurm'"),
        ({"name": "ray", "partition": "gpu"}, "partition is an option of slurm and not of ray"),
        ({"address": "auto"}, "address is an option of ray and not of local"),
        ({"name": "slurm", "array_limit": 0}, "more than 0"),
        ({"name": "ray", "adress": "auto"}, r"Did you mean .*address"),
    ],
)
def test_what_is_wrong_is_named(block, message):
    with pytest.raises(InputError, match=message):
        validated(ExecutorSettings, block, "params.yaml: executor")
