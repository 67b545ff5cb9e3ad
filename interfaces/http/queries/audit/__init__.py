"""What auditors read of history; every read is itself recorded."""

from interfaces.http.queries.audit.causes import CauseQueries
from interfaces.http.queries.audit.evidence import EvidenceQueries
from interfaces.http.queries.audit.history import HistoryQueries
from interfaces.http.queries.audit.proofs import ProofQueries
from interfaces.http.queries.audit.reads import ReadQueries
from interfaces.http.queries.audit.recording import AUDITORS
from interfaces.http.queries.audit.states import StateQueries

__all__ = ["AUDITORS", "CONTROLLERS"]

CONTROLLERS = (HistoryQueries, StateQueries, CauseQueries, ProofQueries, EvidenceQueries, ReadQueries)
