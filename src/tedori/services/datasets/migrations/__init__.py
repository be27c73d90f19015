"""The migrations of the tables of datasets."""
