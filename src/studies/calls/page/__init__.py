"""What the calls write-ups alone show: one idea a module. Nothing is computed here."""
