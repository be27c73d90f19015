"""Pure decisions and errors of the live service."""
