"""The product keeps the rules of this house, and each rule finds a line that breaks it."""

import pytest

from tests.houserules import rules

BREACHES = [
    (rules.STANDARD_LIBRARY, "core/money.py", "import numpy"),
    (rules.STANDARD_LIBRARY, "core/money.py", "from django.db import models"),
    (rules.STANDARD_LIBRARY, "core/money.py", "from gbese.apps.lending import queries"),
    (rules.STANDARD_LIBRARY, "core/money.py", "def price():\n    import yaml"),
    (rules.STANDARD_LIBRARY, "core/money.py", "import random"),
    (rules.STANDARD_LIBRARY, "core/money.py", "from os import path"),
    (rules.NO_FLOATS, "core/rates/nominal.py", "half = 0.5"),
    (rules.NO_FLOATS, "core/rates/nominal.py", "rate = float('0.1')"),
    (rules.NO_FLOATS, "core/rates/nominal.py", "def rate() -> float: ..."),
    (rules.NO_FLOATS, "core/rates/nominal.py", "root = math.sqrt(2)"),
    (rules.NO_FLOATS, "core/rates/nominal.py", "from math import exp"),
    (rules.NO_CLOCK, "core/status.py", "today = date.today()"),
    (rules.NO_CLOCK, "apps/lending/queries.py", "now = datetime.datetime.now(tz=UTC)"),
    (rules.NO_CLOCK, "apps/lending/queries.py", "now = timezone.now()"),
    (rules.NO_CLOCK, "interfaces/web/pages.py", "DateTimeField(default=timezone.now)"),
    (rules.NO_CLOCK, "interfaces/web/pages.py", "began = time.time()"),
    (rules.NO_WORDS, "core/money.py", "raise AmountTooFine(why='has too many decimals')"),
    (rules.NO_WORDS, "apps/lending/locks.py", "raise LoanUnknown(loan=f'loan {number}')"),
    (rules.NO_WORDS, "apps/lending/locks.py", "from django.utils.translation import gettext"),
    (rules.DOCUMENTED, "core/money.py", "'''Money.'''\ndef zero(): ..."),
    (rules.DOCUMENTED, "core/money.py", "'''Money.'''\nclass Money: ..."),
    (rules.DOCUMENTED, "core/money.py", "import re"),
    (rules.SUBJECTS, "apps/lending/utils.py", "x = 1"),
    (rules.SUBJECTS, "core/common/money.py", "x = 1"),
    (rules.NO_CATCH_ALL, "apps/lending/queries.py", "try: f()\nexcept Exception: pass"),
    (rules.NO_CATCH_ALL, "apps/lending/queries.py", "try: f()\nexcept: pass"),
    (rules.NO_CATCH_ALL, "interfaces/web/views.py", "try: f()\nexcept (A, BaseException): g()"),
    (rules.EXACT_FIELDS, "apps/lending/models.py", "facts = models.JSONField()"),
    (rules.EXACT_FIELDS, "apps/lending/models.py", "from django.db.models import DecimalField"),
    (rules.EXACT_FIELDS, "apps/lending/migrations/0001_initial.py", "models.FloatField()"),
    (rules.NO_SIGNALS, "apps/lending/apps.py", "from django.db.models.signals import post_save"),
    (rules.NO_SIGNALS, "apps/lending/apps.py", "from django.dispatch import receiver"),
    (rules.NO_SIGNALS, "apps/lending/apps.py", "from django.contrib.auth import signals"),
]

ALLOWED = [
    (rules.STANDARD_LIBRARY, "core/money.py", "from decimal import Decimal"),
    (rules.STANDARD_LIBRARY, "core/money.py", "from gbese.core.errors import Refusal"),
    (rules.STANDARD_LIBRARY, "columns/totals.py", "import numpy"),
    (rules.NO_FLOATS, "core/rates/nominal.py", "common = math.gcd(4, 6)"),
    (rules.NO_FLOATS, "interfaces/web/pages.py", "zoom = 1.5"),
    (rules.NO_CLOCK, "config/clock.py", "moment = datetime.now(tz=UTC)"),
    (rules.NO_WORDS, "core/money.py", "raise AmountTooFine(text=text, decimals_max=2)"),
    (rules.NO_WORDS, "apps/lending/locks.py", "raise ImportUnknown(source=f'import:{run}')"),
    (rules.NO_WORDS, "interfaces/web/wording.py", "from django.utils.translation import gettext"),
    (rules.NO_CATCH_ALL, "interfaces/cli/main.py", "try: f()\nexcept Exception: g()"),
    (rules.NO_CATCH_ALL, "apps/lending/x.py", "try: f()\nexcept Exception:\n    undo()\n    raise"),
    (rules.EXACT_FIELDS, "interfaces/web/forms.py", "rate = forms.DecimalField()"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_the_product_keeps(rule: rules.Rule) -> None:
    assert rules.findings(rule) == []


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_finds_a_line_that_breaks_it(rule: rules.Rule, path: str, source: str) -> None:
    assert rules.broken_lines(rule, source, path)


@pytest.mark.parametrize(("rule", "path", "source"), ALLOWED)
def test_leaves_alone_what_is_allowed(rule: rules.Rule, path: str, source: str) -> None:
    assert rules.broken_lines(rule, source, path) == []


def test_each_rule_is_proved_on_a_line_that_breaks_it() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(rules.RULES)
