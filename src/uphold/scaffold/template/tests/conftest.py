"""What holds for all tests."""

from uphold import processor

processor.pin()  # before anything loads numpy
