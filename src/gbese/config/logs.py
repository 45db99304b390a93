"""Log lines: JSON, one a line, with nothing in them that opens a door."""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"

_SECRET_NAMES = re.compile(
    r"password|passwd|secret|token|authorization|cookie|session|csrf|api_?key|phone|iban|pin\b",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"gbese_[A-Za-z0-9_-]{20,}"  # an API token
    r"|(?<=/sign-in/)[A-Za-z0-9_-]{20,}"  # a sign-in link
    r"|(?<=[Bb]earer )\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a password in an address
)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide what opens a door, by the name of the value and by its looks."""
    return {name: _redacted(name, value) for name, value in event.items()}


def _redacted(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        return _SECRET_TEXT.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {str(key): _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", inner) for inner in value]
    return value


def _stream(name: str) -> str:
    return f"ext://sys.{name}"


def configuration(*, level: str, stream: str) -> dict[str, Any]:
    """Django's LOGGING: every logger, ours or a library's, through the same processors.

    Args:
        level: the least that is written, INFO.
        stream: "stdout", or "stderr" where a command's own answer goes to stdout.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": [structlog.stdlib.PositionalArgumentsFormatter(), *shared],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": _stream(stream),
            }
        },
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # Django's own loggers would write again, and in another shape.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.utils.autoreload": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }
