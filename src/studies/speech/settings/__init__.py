"""Settings of the speech study, a file for each stage that reads them."""
