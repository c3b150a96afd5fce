"""Settings of the call-detection study, a file for each stage that reads them."""
