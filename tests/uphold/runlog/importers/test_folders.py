from uphold.runlog.importers.folders import below, holding


def test_folders_come_in_order_and_without_hidden_ones_links_and_copies(tmp_path):
    for name in ("version_10", "version_2", "a/b", ".git", "run-20260101_000000-x", "empty"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / ("other" if name == "empty" else "log")).touch()
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    found = [below(folder, tmp_path) for folder, _ in holding(tmp_path, lambda n: "log" in n)]
    assert found == ["version_2", "version_10", "a/b"]


def test_a_look_is_short(tmp_path):
    for i in range(5):
        (tmp_path / f"{i}").mkdir()
        (tmp_path / f"{i}/log").touch()
    assert len(list(holding(tmp_path, lambda names: "log" in names, looks=3))) == 2


def test_the_folder_itself_has_its_name(tmp_path):
    assert below(tmp_path, tmp_path) == tmp_path.name
