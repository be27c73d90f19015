"""The service that turns the files of 62 municipalities into one open dataset."""
