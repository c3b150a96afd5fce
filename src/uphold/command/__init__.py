"""Studies whose runs are processes: a command with settings, a seed, a folder for results."""
