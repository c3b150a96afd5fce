import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtri, fdtri, stdtr

from uphold.statistics import moderation
from uphold.statistics.moderation import SPREADS, moderated, profile

X = np.array([0.8, 1.5, 0.2, 3.1, 0.9, 2.2, 0.05, 1.1, 40.0, 0.6, 1.3, 0.7])
V = np.array([2, 2, 2, 2, 3.5, 3.5, 9, 9, 2, 2.7, 2, 9.0])


def test_the_likelihood_is_that_of_the_scaled_f_distribution():
    """In R, with X and V from above as x and v, for d0 at places 10, 20 and 30 of SPREADS:

    ``l <- function(a) sum(df(x / exp(a), v, d0, log = TRUE) - a + log(x))``
    ``optimize(l, c(-8, 8), maximum = TRUE, tol = 1e-12)``
    """
    loglik, log_s0 = profile(X[None], V[None], np.ones((1, 12), bool))
    at = [10, 20, 30]
    assert 2 / SPREADS[at] == pytest.approx([43.865333106187, 3.84833489703, 0.337616984325])
    assert log_s0[0, at] == pytest.approx([0.560743801, -0.202336211, -0.893590639], abs=1e-6)
    assert loglik[0, at] == pytest.approx([-36.982847254508, -25.03509966136, -28.832509563581])


def test_what_is_not_kept_has_no_say():
    kept = np.ones((1, 12), bool)
    kept[0, 8] = False
    some = profile(X[None], V[None], kept)
    fewer = profile(np.delete(X, 8)[None], np.delete(V, 8)[None], np.ones((1, 11), bool))
    assert np.allclose(some, fewer, atol=1e-8)


def test_thousands_of_contrasts_have_the_prior_of_limma():
    """R: ``s2 <- .5 * qf((1:2000 - .5) / 2000, 4, 6); limma::squeezeVar(s2, 4)``.

    Not to the digit: theirs rests on moments, ours on the likelihood, and ours is cautious.
    """
    s2 = 0.5 * fdtri(4, 6, (np.arange(1, 2001) - 0.5) / 2000)
    found = moderated(s2, np.full(2000, 4.0))
    assert found.prior_s2 == pytest.approx(0.500193816037, rel=0.01)
    assert found.prior_df == pytest.approx(6.011714182042, rel=0.05)
    assert found.s2[[0, 1000]] == pytest.approx([0.302305685590, 0.488626328421], rel=0.02)


def test_given_the_prior_variances_are_those_of_limma():
    """In R, with the prior that was found and what it is worth to four of the contrasts:

    ``limma:::.squeezeVar(X[i], V[i], .5660087148,
    c(1.3475903790, .9111009333, .1747263471, 1.3475903790))``
    """
    i = [0, 3, 8, 6]
    found = moderated(np.r_[X, 1.1 * X, 0.9 * X], np.r_[V, V, V])
    assert found.prior_s2 == pytest.approx(0.5660087148)
    own = [1.3475903790, 0.9111009333, 0.1747263471, 1.3475903790]
    assert found.df[i] - V[i] == pytest.approx(own)
    assert found.prior_df == pytest.approx(own[0])
    expected = [0.7058055589, 2.3069248446, 36.8317129840, 0.1172009960]
    assert found.s2[i] == pytest.approx(expected)


QUANTILES = chdtri(2, 1 - (np.arange(1, 31) - 0.5) / 30) / 2


def test_a_wild_contrast_keeps_its_variance_and_spares_the_others():
    """R: ``s2 <- qchisq((1:30 - .5) / 30, 2) / 2; s2[30] <- 400``.

    ``squeezeVar(s2, 2, robust = TRUE)`` gives it 400 too, with a prior variance of 1.008; without
    ``robust`` it gives 181, on a prior df of 2.42 for all.
    """
    calm = moderated(QUANTILES, np.full(30, 2.0))
    wild = moderated(np.r_[QUANTILES[:-1], 400.0], np.full(30, 2.0))
    assert (wild.s2[-1], wild.df[-1]) == pytest.approx((400, 2))
    assert wild.prior_df > 20 and calm.prior_df > 20
    assert wild.prior_s2 == pytest.approx(calm.prior_s2, rel=0.1)


def test_a_quiet_contrast_is_drawn_up_and_takes_nothing_from_the_others():
    quiet = moderated(np.r_[QUANTILES[:-1], 1e-9], np.full(30, 2.0))
    assert quiet.s2[-1] > 0.9 * quiet.prior_s2
    assert quiet.prior_df > 20


def test_the_unknown_comes_back_untouched_and_takes_no_part():
    s2 = np.random.default_rng(2).chisquare(2, 20) / 2
    df = np.full(20, 2.0)
    alone = moderated(s2, df)
    odd = [np.nan, 0.0, 1.0, 1.0, np.inf, -1.0]
    odd_df = [2.0, 2.0, np.nan, 0.0, 2.0, 2.0]
    found = moderated(np.r_[s2, odd], np.r_[df, odd_df])
    assert np.array_equal(found.s2[20:], odd, equal_nan=True)
    assert np.array_equal(found.df[20:], odd_df, equal_nan=True)
    assert found.s2[:20] == pytest.approx(alone.s2) and found.df[:20] == pytest.approx(alone.df)
    assert alone.prior_df > 1


@pytest.mark.parametrize("s2", [[], [2.0], [2.0, 2.0], [1.0, 1.0, 1.0], [np.nan, 0.0], [2.0, 0.0]])
def test_few_contrasts_that_agree_by_luck_are_not_moderated(s2):
    found = moderated(np.array(s2), np.full(len(s2), 2.0))
    assert np.array_equal(found.s2, s2, equal_nan=True)
    assert (found.df == 2).all() and found.prior_df == 0 and np.isnan(found.prior_s2)


def test_equal_variances_claim_no_more_than_the_runs_behind_them():
    assert moderated(np.ones(30), np.full(30, 2.0)).prior_df == 60
    assert moderated(np.r_[np.ones(30), [np.nan] * 9], np.full(39, 2.0)).prior_df == 60
    copies = moderated(np.ones(30), np.full(30, 2.0), correlation=np.ones((30, 30)))
    assert copies.prior_df == 0


def test_contrasts_that_share_runs_say_less():
    s2 = np.random.default_rng(3).chisquare(2, 30) / 2
    df = np.full(30, 2.0)
    apart, shared = moderated(s2, df), moderated(s2, df, (1 + np.eye(30)) / 2)
    assert shared.prior_df < 0.5 * apart.prior_df
    assert moderated(s2, df, np.eye(30)).s2.tolist() == apart.s2.tolist()


def test_families_side_by_side_are_families_alone():
    s2 = np.random.default_rng(4).chisquare(2, (2, 3, 12)) * [[[1.0]], [[50.0]]]
    s2[0, 1, 2] = 1e4
    s2[1, 1, 5] = np.nan
    found = moderated(s2, np.full(12, 2.0))
    assert found.s2.shape == (2, 3, 12) and found.prior_df.shape == (2, 3)
    for place in np.ndindex(2, 3):
        alone = moderated(s2[place], np.full(12, 2.0))
        assert np.allclose(found.s2[place], alone.s2, equal_nan=True)
        assert np.allclose(found.df[place], alone.df, equal_nan=True)


def test_a_great_many_contrasts():
    found = moderated(np.random.default_rng(5).chisquare(2, 20_000) / 2, np.full(20_000, 2.0))
    assert found.prior_df > 50 and found.prior_s2 == pytest.approx(1, rel=0.05)


families = st.lists(st.floats(0.01, 100), min_size=1, max_size=40).map(np.array)


@settings(deadline=None, max_examples=50)
@given(families, st.floats(1e-6, 1e6))
def test_the_unit_does_not_matter(s2, unit):
    df = np.full(s2.size, 2.0)
    one, other = moderated(s2, df), moderated(s2 * unit, df)
    assert np.allclose(one.s2 * unit, other.s2, rtol=1e-6)
    assert np.allclose(one.df, other.df, rtol=1e-6)


@settings(deadline=None, max_examples=50)
@given(families, st.sampled_from([2.0, 4.0, 9.0]))
def test_the_order_stays_and_none_crosses_the_prior(s2, df):
    s2 = np.sort(s2)
    found = moderated(s2, np.full(s2.size, df))
    assert (np.diff(found.s2) >= -1e-9 * found.s2[:-1]).all()
    if found.prior_df > 0:
        low, high = np.minimum(s2, found.prior_s2), np.maximum(s2, found.prior_s2)
        assert (found.s2 >= low * (1 - 1e-9)).all() and (found.s2 <= high * (1 + 1e-9)).all()
    assert (found.df >= df).all() and found.prior_df <= df * s2.size


def family_wise(spread: float) -> float:
    rng = np.random.default_rng(6)
    x = rng.standard_normal((1000, 30, 3)) * np.exp(spread * rng.standard_normal((1000, 30, 1)))
    found = moderated(x.var(axis=2, ddof=1), np.full((1000, 30), 2.0))
    p = 2 * stdtr(found.df, -np.abs(x.mean(axis=2)) / np.sqrt(found.s2 / 3))
    return float((p.min(axis=1) * 30 < 0.05).mean())


def test_caution_holds_the_family_wise_error_where_spreads_differ(monkeypatch):
    assert family_wise(0.6) <= 0.06
    monkeypatch.setattr(moderation, "CAUTION", 0.0)
    assert family_wise(0.6) > 0.065
