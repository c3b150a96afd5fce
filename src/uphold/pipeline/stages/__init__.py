"""The stages of the pipeline, a file each, and where their files lie."""
