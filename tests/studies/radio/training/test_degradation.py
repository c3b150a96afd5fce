import numpy as np
import pytest
import torch

from studies.radio.training.degradation import degrade, draw_steps
from studies.radio.training.noise import power

SAMPLES = 4096


def received(rng: np.random.Generator, rows: int, snr: float):
    phase = rng.uniform(0, 2 * np.pi, (rows, SAMPLES)).cumsum(axis=1)
    clean = np.stack([np.cos(phase), np.sin(phase)], axis=1)
    noise = rng.standard_normal(clean.shape) * np.sqrt(10 ** (-snr / 10) / 2)
    both = torch.tensor(clean), torch.tensor(clean + noise)
    rms = power(both[1]).sqrt().view(-1, 1, 1)
    return both[0] / rms, both[1] / rms


@pytest.mark.parametrize("snr", [-12.0, 0.0, 14.0])
@pytest.mark.parametrize("step", [2.0, 5.0, 8.0])
def test_degraded_frames_have_the_snr_that_was_meant(snr, step):
    rng = np.random.default_rng(3)
    clean, frames = received(rng, 200, snr)
    noise = torch.tensor(rng.standard_normal(frames.shape))
    rows = len(frames)
    noisier, scaled = degrade(frames, torch.full((rows,), snr), torch.full((rows,), step), noise)
    # The clean frames on the scale of the degraded ones.
    sent = clean * (power(scaled) / power(frames)).sqrt().view(-1, 1, 1)
    ratio = power(sent).mean() / power(noisier - sent).mean()
    assert 10 * np.log10(float(ratio)) == pytest.approx(snr - step, abs=0.2)


def test_degraded_frames_have_the_power_of_the_received_ones():
    rng = np.random.default_rng(4)
    frames = 3 * torch.tensor(rng.standard_normal((5, 2, 64)))
    noise = torch.tensor(rng.standard_normal(frames.shape))
    noisier, scaled = degrade(frames, torch.zeros(5), torch.full((5,), 6.0), noise)
    torch.testing.assert_close(power(noisier), power(frames))
    assert (power(scaled) < power(frames)).all()


def test_the_less_noisy_frame_is_the_received_one_but_for_its_scale():
    rng = np.random.default_rng(5)
    frames = torch.tensor(rng.standard_normal((2, 2, 16)))
    noise = torch.tensor(rng.standard_normal(frames.shape))
    _, scaled = degrade(frames, torch.zeros(2), torch.full((2,), 6.0), noise)
    ratio = scaled / frames
    torch.testing.assert_close(ratio, ratio[:, :1, :1].expand_as(ratio))


def test_no_step_adds_nothing():
    frames = torch.tensor(np.random.default_rng(6).standard_normal((2, 2, 16)))
    noisier, scaled = degrade(frames, torch.zeros(2), torch.zeros(2), torch.ones_like(frames))
    torch.testing.assert_close(noisier, frames)
    torch.testing.assert_close(scaled, frames)


def test_steps_lie_between_the_limits_and_lead_no_lower_than_the_lowest_snr():
    snr = torch.tensor([-20.0, -19.0, -15.0, 10.0]).repeat(500)
    step = draw_steps(np.random.default_rng(0), snr, (2.0, 8.0), lowest=-20.0)
    assert step[snr == -20].eq(0).all() and step[snr == -19].eq(0).all()
    assert step[snr == -15].min() >= 2 and step[snr == -15].max() <= 5
    wide = step[snr == 10]
    assert wide.min() >= 2 and wide.max() <= 8 and wide.max() - wide.min() > 5.5


def test_aimed_steps_lead_into_the_band_or_are_not_taken():
    snr = torch.tensor([-14.0, -12.0, -4.0, 2.0, 4.0]).repeat(500)
    aim = (-14.0, -6.0)
    step = draw_steps(np.random.default_rng(0), snr, (2.0, 8.0), lowest=-20.0, aim=aim)
    after = snr - step
    taken = step > 0
    # From −14 dB nothing in the band is 2 dB down, from 4 dB it is further than 8 dB.
    assert not taken[(snr == -14) | (snr == 4)].any()
    assert taken[(snr == -12) | (snr == -4) | (snr == 2)].all()
    assert after[taken].min() >= -14 and after[taken].max() <= -6
    assert step[taken].min() >= 2 and step[taken].max() <= 8
