from __future__ import annotations

from django.db import transaction

from gbese.apps.bookkeeping import locks, queries
from gbese.apps.bookkeeping.errors import EntityFactInvalid
from gbese.apps.bookkeeping.mapping import EntityRow
from gbese.apps.bookkeeping.models import Entity
from gbese.apps.bookkeeping.services.set_up import HOURS, is_time_zone
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit


@transaction.atomic
def set_day_end(*, time_zone: str, cut_off_hour: int, act: Act) -> EntityRow:
    """Change when a day of the books ends; days that are sealed stay as they are.

    Args:
        time_zone: IANA, such as Africa/Lagos.
        cut_off_hour: the local hour at which a day is cut; 0 is the midnight it ends with.
        act: who, when, in which request.

    Raises:
        BooksNotSetUp: there is no entity yet.
        EntityFactInvalid: there is no such time zone, or no such hour.
    """
    held = locks.book_day_exclusive()
    before = queries.entity()
    if not is_time_zone(time_zone):
        raise EntityFactInvalid(fact="time_zone", given=time_zone)
    if not 0 <= cut_off_hour < HOURS:
        raise EntityFactInvalid(fact="cut_off_hour", given=cut_off_hour)
    told = {"time_zone": before.time_zone, "cut_off_hour": str(before.cut_off_hour)}
    new = {"time_zone": time_zone, "cut_off_hour": str(cut_off_hour)}
    if told == new:
        return before
    Entity.objects.filter(pk=held.entity).update(time_zone=time_zone, cut_off_hour=cut_off_hour)
    record_audit(
        act=act, what="entity.day_end_set", subject=f"entity:{before.name}", before=told, after=new
    )
    return queries.entity()
