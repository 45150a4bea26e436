"""Rules as text: which rule stands where, and what about it decides whether a verdict can be given; pure."""
