"""What comes in and goes out: the claims table, the archive, the standards of others; written by services alone."""
