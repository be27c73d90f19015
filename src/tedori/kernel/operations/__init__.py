"""Keeping an installation running: worker, backup, restore and the doctor."""
