"""The refusals of signing in, of people and their rights, and of repeated requests."""

from __future__ import annotations

from gbese.core.errors import Refusal


class UserUnknown(Refusal):
    """Nobody has this login. Facts: `login`."""

    code = "user_unknown"


class LoginTaken(Refusal):
    """Somebody has this login already. Facts: `login`."""

    code = "login_taken"


class LoginMalformed(Refusal):
    """A login is 2 to 100 small Latin letters, digits and . _ @ + -. Facts: `login`."""

    code = "login_malformed"


class RoleUnknown(Refusal):
    """There is no such role. Facts: `role`, `roles`."""

    code = "role_unknown"


class PasswordWeak(Refusal):
    """The password is easy to guess. Facts: `reasons`, the codes of Django's validators."""

    code = "password_weak"


class LastAdministrator(Refusal):
    """Nobody would be left who can manage users. Facts: `login`."""

    code = "last_administrator"


class SignInRefused(Refusal):
    """The login or the password is wrong, or the user may not sign in: it is not said which."""

    code = "sign_in_refused"


class SignInPaused(Refusal):
    """Too many wrong passwords from this address for this login. Facts: `pause_seconds`."""

    code = "sign_in_paused"


class SignInLinkInvalid(Refusal):
    """The link was used, is too old, or was never made."""

    code = "sign_in_link_invalid"


class AlreadySetUp(Refusal):
    """The first start is over: there is a user already."""

    code = "already_set_up"


class TokenUnknown(Refusal):
    """There is no such API token. Facts: `token`."""

    code = "token_unknown"


class TokenLifeTooLong(Refusal):
    """A token may not live so long. Facts: `days`, `most_days`."""

    code = "token_life_too_long"


class RoleAboveOwn(Refusal):
    """A token may do no more than its owner. Facts: `role`, `own_role`."""

    code = "role_above_own"


class IdempotencyKeyReused(Refusal):
    """This key came with another request before. Facts: `key`."""

    code = "idempotency_key_reused"


class RequestStillRunning(Refusal):
    """The same request is being worked on right now. Facts: `key`."""

    code = "request_still_running"


class ClockRanBackwards(Refusal):
    """The clock is far behind the last audit record. Facts: `recorded_at`, `last_recorded_at`."""

    code = "clock_ran_backwards"
