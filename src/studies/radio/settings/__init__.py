"""Settings of the radio study, a file for each stage that reads them."""
