"""Settings of the study, a file for each stage that reads them."""
