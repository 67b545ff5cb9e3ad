"""Files of listings that admins and sellers bring in."""

from msgspec.structs import replace

from domain.listings.bulk_import import imports
from domain.listings.commands import CancelImport, CompleteImport, FailImport, RequestImport
from domain.listings.events import ImportCancelled, ImportCompleted, ImportFailed, ImportRequested
from domain.values import SYSTEM, Actor, Role
from tests.bdd import Given
from tests.domain.listings.boats import ADA, ANA, BOAT, LATER, MO, NOON

requested = ImportRequested(BOAT, ADA.id, "boats", ANA.id, True, NOON)
cancelled = ImportCancelled(BOAT, ADA.id, LATER)
completed = ImportCompleted(BOAT, 8, 1, 2, LATER)
failed = ImportFailed(BOAT, "column_missing", LATER)


def request(by: Actor = ADA) -> RequestImport:
    return RequestImport(BOAT, "boats", ANA.id, publish=True, by=by, now=NOON)


def test_an_admin_requests_an_import_once():
    Given(imports).when(request()).then(requested)
    Given(imports, requested).when(request()).then()
    Given(imports).when(request(MO)).rejected("not_yours")


def test_a_running_import_ends_in_one_way():
    Given(imports, requested).when(CancelImport(BOAT, ADA, LATER)).then(cancelled)
    Given(imports, requested).when(CompleteImport(BOAT, 8, 1, 2, ADA, LATER)).then(completed)
    Given(imports, requested).when(FailImport(BOAT, "column_missing", ADA, LATER)).then(failed)
    for end in (cancelled, completed, failed):
        Given(imports, requested, end).when(CancelImport(BOAT, ADA, LATER)).rejected("import_ended")


def test_nobody_imports_and_publishes_what_he_sells_himself():
    Given(imports).when(RequestImport(BOAT, "boats", ADA.id, publish=True, by=ADA, now=NOON)).rejected("own_listing")


def test_a_running_import_can_be_cancelled_by_admins_and_an_ended_one_offers_nothing():
    Given(imports, requested).offers(ADA, "cancel")
    Given(imports, requested).offers(MO)
    Given(imports, requested, completed).offers(ADA)


def test_a_seller_imports_what_is_his_own_and_may_stop_it():
    seller = Actor(ANA.id, frozenset({Role.SELLER}))
    own = RequestImport(BOAT, "products", ANA.id, publish=False, by=seller, now=NOON)
    begun = ImportRequested(BOAT, ANA.id, "products", ANA.id, False, NOON)
    Given(imports).when(own).then(begun)
    Given(imports).when(replace(own, seller_id=MO.id)).rejected("not_yours")
    Given(imports).when(replace(own, publish=True)).rejected("own_listing")
    Given(imports).when(replace(own, by=ANA)).rejected("not_yours")
    Given(imports, begun).offers(seller, "cancel")
    Given(imports, begun).when(CancelImport(BOAT, seller, LATER)).then(replace(cancelled, by=ANA.id))
    Given(imports, begun).when(CompleteImport(BOAT, 1, 0, 0, SYSTEM, LATER)).then(ImportCompleted(BOAT, 1, 0, 0, LATER))


def test_only_admins_end_an_import():
    Given(imports, requested).when(CancelImport(BOAT, MO, LATER)).rejected("not_yours")
    Given(imports).when(CancelImport(BOAT, ADA, LATER)).rejected("import_not_found")
