"""What goes to somebody else: a report and what it stands on, with nothing in it that is nobody else's business."""
