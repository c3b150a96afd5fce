"""The frames: what they are, how well their noise meets its label, what guessing scores."""

from uphold.format import count, counted, number
from uphold.pages.writeup import Page, Sweep


def sentence(page: Page) -> str:
    """Say what the frames are, how well their noise meets its label, and what guessing scores."""
    data = page.writeup.data
    parts = [
        f"{len(data['classes'])} classes ({', '.join(data['classes'])}) of"
        f" {counted(data['samples'], 'sample')} a frame, at {len(data['snrs'])} levels of SNR from"
        f" {number(min(data['snrs']), 0)} to {number(max(data['snrs']), 0)} dB;"
        f" guessing scores {number(chance(page), page.digits(page.primary))}."
    ]
    if "snr_error_db" in data:
        error = data["snr_error_db"]
        parts.append(
            f"The measured SNR of a cell is off its label by {number(error['mean'], 2)} dB on"
            f" average, at most by {number(error['largest'], 2)} dB."
        )
    return " ".join([*parts, *data["notes"]])


def balance(sweep: Sweep) -> str:
    """Say what SNR-balanced sampling does with as many training frames at each SNR as there are."""
    fewest, most = sweep.runs["fewest_at_an_snr"].min(), sweep.runs["most_at_an_snr"].max()
    if fewest == most:
        return (
            f"Every SNR has {count(int(most))} training frames. Balancing SNRs therefore meets no"
            " frame more often than plain shuffling: all that it does here is to give each batch as"
            " many frames of every SNR."
        )
    return (
        f"An SNR has {count(int(fewest))} to {count(int(most))} training frames. Balanced sampling"
        " meets all SNRs equally often, a frame of the rarest"
        f" {number(most / fewest, 1)} times as often as one of the most frequent."
    )


def chance(page: Page) -> float:
    """Return the accuracy of guessing among equally frequent classes."""
    return 1 / len(page.writeup.data["classes"])
