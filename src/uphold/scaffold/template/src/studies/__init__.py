"""The studies of this repository, a package each."""
