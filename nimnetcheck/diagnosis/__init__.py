"""Diagnoses turn observations into findings; pure."""

from nimnetcheck.diagnosis.engine import conclude, diagnose, judge, warn

__all__ = ["conclude", "diagnose", "judge", "warn"]
