"""The window: the piece of sound that is labelled, embedded and scored as one item."""

RATE = 16_000  # Hz
WINDOW_S = 3.0
SAMPLES = round(RATE * WINDOW_S)
