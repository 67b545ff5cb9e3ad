"""Where what tests keep is put: in memory, unless there is none to spare."""

from pathlib import Path
from tempfile import TemporaryDirectory

from infrastructure.embedded import abode, postgres

MORE_THAN_THERE_IS = 2**62


def test_what_ends_with_its_process_is_kept_in_memory_where_there_is_room():
    user = postgres.account()
    elsewhere = abode.passable_folder(user)
    with TemporaryDirectory(dir=elsewhere) as name:
        memory = Path(name)
        memory.chmod(0o755)
        assert abode.quick_folder(user, memory, room=1) == memory
        assert abode.quick_folder(user, memory, room=MORE_THAN_THERE_IS) == elsewhere
        memory.chmod(0o700)
        assert abode.quick_folder(user, memory, room=1) == (memory if user.uid < 0 else elsewhere), "nobody may enter it"
    assert abode.quick_folder(user, memory, room=1) == elsewhere, "it is gone"
