"""Modulation recognition: which of 24 modulations is in a short frame of noisy IQ samples?"""
