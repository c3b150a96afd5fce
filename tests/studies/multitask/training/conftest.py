import pytest

from studies.multitask.data import prepare
from studies.multitask.settings.data import Data, Synthetic
from studies.multitask.training import load


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Return a folder of few prepared figures."""
    path = tmp_path_factory.mktemp("multitask")
    few = Synthetic(train=70, validation=20, test=24)
    prepare(Data(synthetic=few), path)
    return path


@pytest.fixture(scope="session")
def data(folder):
    return load(folder)
