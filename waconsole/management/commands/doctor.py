"""`manage.py doctor`: looks into everything the console needs, and says what to do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from waconsole.examination import Finding, examine

MARKS = {True: "ok   ", False: "WRONG", None: "-    "}


class Command(BaseCommand):
    help = "Look into settings, database, queue, dispatch and the Graph API; say what to do."
    requires_system_checks = []  # a mistake in the settings is a finding, not the end

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding. Exit code 1 when something is wrong."""
        findings = [self._tell(finding) for finding in examine()]
        wrong = sum(finding.is_well is False for finding in findings)
        if wrong:
            raise CommandError(f"{wrong} of {len(findings)} findings are wrong.")

    def _tell(self, finding: Finding) -> Finding:
        self.stdout.write(f"{MARKS[finding.is_well]} {finding.subject}: {finding.what}")
        if finding.remedy:
            self.stdout.write(f"      {finding.remedy}")
        return finding
