"""Settings of the multitask study, a file for each stage that reads them."""
