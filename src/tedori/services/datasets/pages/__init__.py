"""The HTML doors; every module here has its own `urls`."""
