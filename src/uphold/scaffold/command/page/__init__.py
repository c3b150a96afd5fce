"""What the write-ups of this study alone show: nothing yet."""
