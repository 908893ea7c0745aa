"""Data in and out: the claims table, the archive, and the standards of others; it reads and words, services write."""
