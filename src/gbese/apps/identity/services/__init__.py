"""What is done to people, their ways in, and the memory of their acts."""

from gbese.apps.identity.services.audit import AuditFact, record_audit, record_audits
from gbese.apps.identity.services.idempotency import Answer, answer_once, request_id_of
from gbese.apps.identity.services.sign_in_links import (
    forget_expired_links,
    is_sign_in_link_good,
    make_sign_in_link,
    use_sign_in_link,
)
from gbese.apps.identity.services.tokens import (
    NewToken,
    caller_of_token,
    make_api_token,
    revoke_api_token,
)
from gbese.apps.identity.services.users import (
    change_role,
    change_user,
    create_first_user,
    create_user,
    set_active,
    set_language,
    set_password,
)

__all__ = [
    "Answer",
    "AuditFact",
    "NewToken",
    "answer_once",
    "caller_of_token",
    "change_role",
    "change_user",
    "create_first_user",
    "create_user",
    "forget_expired_links",
    "is_sign_in_link_good",
    "make_api_token",
    "make_sign_in_link",
    "record_audit",
    "record_audits",
    "request_id_of",
    "revoke_api_token",
    "set_active",
    "set_language",
    "set_password",
    "use_sign_in_link",
]
