"""Making the demonstration company."""

from gbese.apps.demonstration.services.make_demonstration import make_demonstration

__all__ = ["make_demonstration"]
