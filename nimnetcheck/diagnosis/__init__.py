"""Diagnoses turn observations into findings; pure."""

from nimnetcheck.diagnosis.deadlines import deadlines
from nimnetcheck.diagnosis.engine import conclude, diagnose, judge, warn

__all__ = ["conclude", "deadlines", "diagnose", "judge", "warn"]
