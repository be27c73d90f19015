"""Every text in Japanese and English: finds the texts, checks their English, compiles it; all in Python."""
