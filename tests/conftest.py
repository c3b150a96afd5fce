"""What holds for all tests."""
# ruff: noqa: E402 (libraries read the environment when they are imported)

from uphold import processor

processor.pin()  # before anything loads numpy

import pytest
from hypothesis import settings

from uphold import format

# The first call of a library can take longer than the deadline of one example allows.
settings.register_profile("undated", deadline=None)
settings.load_profile("undated")


def pytest_make_parametrize_id(val, argname):
    """Bytes do not name a test: what a packer writes holds the time, and two workers differ."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def names_of_no_other_test():
    """Forget the names of the study whose page a test opened."""
    yield
    format.use_names({})


@pytest.fixture
def s3(monkeypatch):
    """Serve a bucket on this machine alone, as S3 would."""
    reason = "needs dvc-s3 and moto: pip install 'uphold[s3]' 'moto[server]'"
    pytest.importorskip("dvc_s3", reason=reason)
    server = pytest.importorskip("moto.server", reason=reason).ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    import boto3

    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket="results")
    yield address
    server.stop()
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()  # it remembers the address
