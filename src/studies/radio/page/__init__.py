"""What the radio write-up alone shows: one idea a module. Nothing is judged here."""
