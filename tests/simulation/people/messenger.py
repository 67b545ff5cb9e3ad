"""What a provider of payments says of a charge, late, twice or never."""

from typing import Any

from application.payments.reports import report
from tests.simulation.people.person import Person


class Messenger(Person):
    def act(self) -> None:
        charges = list(self.service.provider.charges)[-6:]
        if charges:
            seen = self.service.provider.settle(self.stage.random.choice(charges))
            if report(seen, self.stage.now) is not None:
                self.give(seen.payment_id, lambda: self.said(seen))

    def said(self, seen: Any) -> Any:
        return report(seen, self.stage.now)
