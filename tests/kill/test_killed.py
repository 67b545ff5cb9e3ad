"""Whatever dies at whatever moment: nothing acknowledged is lost or doubled, no read model lies, and nobody has to lend a hand."""

from tests.conftest import JARS
from tests.kill.havoc import havoc
from tests.kill.killer import VICTIMS

SEED = 20261121


def test_every_process_of_the_service_is_killed_under_load_and_all_that_was_promised_holds():
    outcome = havoc(JARS, SEED, len(VICTIMS), lambda _: None)
    assert sorted(victim for _, victim in outcome.killed) == sorted(VICTIMS)
    assert outcome.orders > 0
    assert outcome.letters > 0
