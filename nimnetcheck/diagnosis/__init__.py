"""Diagnoses turn observations into findings; pure."""

from nimnetcheck.diagnosis.deadlines import deadlines, pressing
from nimnetcheck.diagnosis.engine import conclude, diagnose, judge, warn

__all__ = ["conclude", "deadlines", "diagnose", "judge", "pressing", "warn"]
