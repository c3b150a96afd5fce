from uphold.training.contract import RunSettings, Task
from uphold.training.division import divide


class Run(RunSettings):
    """A run of some length."""

    epochs: int


TASKS = [Task(Run(epochs=epochs), seed) for epochs in (1, 5, 3) for seed in (1, 2)]


def epochs(task: Task) -> int:
    return task.settings.epochs


def seeds(lanes: list[list[Task]]) -> list[list[tuple[int, int]]]:
    return [[(epochs(task), task.seed) for task in lane] for lane in lanes]


def test_each_run_is_a_lane_the_longest_first_equals_in_their_order():
    expected = [[(5, 1)], [(5, 2)], [(3, 1)], [(3, 2)], [(1, 1)], [(1, 2)]]
    assert seeds(divide(TASKS, epochs)) == expected


def test_runs_that_belong_together_share_a_lane():
    lanes = divide(TASKS, epochs, together=epochs)
    assert seeds(lanes) == [[(5, 1), (5, 2)], [(3, 1), (3, 2)], [(1, 1), (1, 2)]]


def test_no_runs_are_no_lanes():
    assert divide([], epochs) == []
