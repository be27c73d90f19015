"""The notifier: reads the log of changes, writes notifications down, and carries them to their endpoints."""
