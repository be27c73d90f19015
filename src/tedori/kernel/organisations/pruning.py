"""Forgets sessions that have ended."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session


def prune(at: datetime) -> int:
    """Delete expired sessions; returns how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
