"""What is found in runs, as it crosses from the analysis to the pages: ``analysis.json``, typed."""
