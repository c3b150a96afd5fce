from uphold.statistics.power import minimum_detectable_effect

from ..conftest import STEP
from .conftest import flags


def many(claim, count: int, role: str = "primary") -> dict:
    over = 0.5 if role == "primary" else 0.4
    return {
        f"{role[0]}{i}": claim(gain={"at_least": i / 100, "over": over}, role=role)
        for i in range(count)
    }


def test_more_than_ten_primary_claims_cost_what_they_cost(log, claim):
    found = flags(log, many(claim, 20))["many-primaries"]
    assert (found.severity, found.count, found.unit) == ("warning", 20, "claims")
    assert "0.05 / 20 = 0.0025" in found.message
    # four seeds: at .0025 in place of .05, with three degrees of freedom
    times = minimum_detectable_effect(1, 3, 0.0025) / minimum_detectable_effect(1, 3)
    assert f"{times:.1f} times as large" in found.message and "4 seeds" in found.message
    assert found.rows == found.claims == tuple(f"p{i}" for i in range(20))


def test_ten_are_few_and_secondary_ones_are_free(log, claim):
    about = many(claim, 10) | many(claim, 30, "secondary")
    assert "many-primaries" not in flags(log, about)
    assert flags(log, about | many(claim, 11))["many-primaries"].count == 11


def test_one_test_under_several_names_counts_once(log, claim):
    about = {f"c{i}": claim(contrast=STEP, says=f"{i}") for i in range(12)}
    assert "many-primaries" not in flags(log, about)


def test_of_one_seed_nothing_can_be_said_of_what_it_costs(table, relog, claim):
    found = flags(relog(table[table.seed == 1]), many(claim, 20))["many-primaries"]
    assert found.severity == "info" and "times as large" not in found.message


def test_where_all_claims_are_secondary_it_is_said(log, claim):
    found = flags(log, many(claim, 3, "secondary"))["no-primaries"]
    assert (found.severity, found.count) == ("info", 3)
    assert found.claims == ("s0", "s1", "s2")
    assert "each of the 3 is exploratory" in found.message and "`role: primary`" in found.message
    assert "no-primaries" not in flags(log, many(claim, 1) | many(claim, 3, "secondary"))
    assert "no-primaries" not in flags(log)
