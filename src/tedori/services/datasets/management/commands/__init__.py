"""Commands of the datasets service, found by Django."""
