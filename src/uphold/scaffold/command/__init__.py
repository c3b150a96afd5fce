"""A program that is run once for each configuration and seed, as params/blueprint.yaml says."""
