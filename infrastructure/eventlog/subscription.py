"""The library's subscription, for appends that notify nobody from within their transaction."""

from eventsourcing.persistence import ListenNotifySubscription
from eventsourcing.postgres import PostgresApplicationRecorder

from infrastructure.eventlog.wake import CHANNEL

POLL_SECONDS = 0.1


class PolledSubscription(ListenNotifySubscription[PostgresApplicationRecorder]):
    """Listens before its first pull, and pulls again at least every 100 ms."""

    def _loop_on_pull(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                try:
                    self._pull()
                    while not self._has_been_stopped:
                        for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                            pass
                        self._pull()
                finally:
                    connection.execute(f"UNLISTEN {CHANNEL}")
        except BaseException as reason:  # noqa: BLE001 - it is raised to whoever iterates
            self._thread_error = self._thread_error or reason
            self.stop()
