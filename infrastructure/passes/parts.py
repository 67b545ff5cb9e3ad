"""What passes are made of, wired."""

from collections.abc import Mapping
from typing import Any

from application.commands.counters.passes import ReconcileHandOvers, ReplaceLostPass
from application.handler import Handler
from infrastructure.passes.lists import SignedFiles
from infrastructure.passes.pictures import QrCodes
from infrastructure.passes.tokens import SealedPasses
from infrastructure.settings import Settings


class PassParts:
    """`commands` and `queries` are what routes are given, by name."""

    def __init__(self, settings: Settings, handle: Handler) -> None:
        secrets = settings.pass_secrets
        self.commands: Mapping[str, Any] = {
            "replace_pass": ReplaceLostPass(handle),
            "reconcile_passes": ReconcileHandOvers(handle),
        }
        self.queries: Mapping[str, Any] = {
            "pass_tokens": SealedPasses(secrets),
            "pass_pictures": QrCodes(),
            "file_signer": SignedFiles(secrets),
        }
