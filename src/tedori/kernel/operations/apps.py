"""The app of operations."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Worker, backup, restore, doctor.

    Any app may give the doctor more to look at: `checks` in its AppConfig names functions by dotted path,
    each of which takes nothing and yields Findings. In the same way `chores` names what a worker does once a
    day: functions that take the time and return how many things they removed.
    """

    name = "tedori.kernel.operations"
    label = "operations"
    checks = (
        "tedori.kernel.operations.checks.machine.python",
        "tedori.kernel.operations.checks.machine.home",
        "tedori.kernel.operations.checks.machine.room",
        "tedori.kernel.operations.checks.machine.key",
        "tedori.kernel.operations.checks.machine.clock",
        "tedori.kernel.operations.checks.web.hosts",
        "tedori.kernel.operations.checks.web.https",
        "tedori.kernel.operations.checks.web.static",
        "tedori.kernel.operations.checks.data.database",
        "tedori.kernel.operations.checks.data.lake",
        "tedori.kernel.operations.checks.data.attachments",
        "tedori.kernel.operations.checks.data.evidence",
        "tedori.kernel.operations.checks.data.half_restored",
        "tedori.kernel.operations.checks.work.workers",
        "tedori.kernel.operations.checks.work.letters",
        "tedori.kernel.operations.checks.work.jobs",
        "tedori.kernel.operations.checks.work.chores",
    )
