"""What a process is made of: each part is built when it is first asked for, and closed with the whole."""

from functools import cached_property
from threading import Event

from application.commands.conversations.converse import Converse
from application.commands.groups.opening import StartGroup
from application.commands.groups.supply import Supply
from application.commands.imports import StartImport
from application.commands.operations.tend import Tend
from application.commands.recurring import ChangeRecurring, GiveDetails, StartRecurring
from application.credentials import Conceal
from application.effects import due
from application.handler import Handler
from application.imports import boats, products, wholesale
from application.imports.running import Importer, Reader
from application.jobs.do import Do
from application.jobs.keep_snapshot import KeepSnapshot
from application.jobs.letters.drafts import Drafts
from application.jobs.occurrences import OccurrenceJobs
from application.jobs.react import React
from application.ports import Clock, Ids
from application.processes.table import REACTIONS
from application.tiers.holding import HoldingPlaces
from domain.registry import DECIDERS
from infrastructure import clock as system
from infrastructure import health
from infrastructure.auditing.log import PostgresAudit
from infrastructure.auditing.reads import PostgresAuditReads
from infrastructure.connections import Connections
from infrastructure.consumers import books as consuming
from infrastructure.consumers.parts import ConsumerParts
from infrastructure.deliveries.parts import DeliveryParts
from infrastructure.eventlog.log import PostgresLog
from infrastructure.eventlog.rows import ROWS, RowStatements
from infrastructure.eventlog.upcasters import UPCASTERS
from infrastructure.eventlog.wake import Bell
from infrastructure.forgetting import rows as forgetting
from infrastructure.forgetting.expunging import expunge
from infrastructure.forgetting.parts import ForgettingParts
from infrastructure.invoices import archive
from infrastructure.invoices.parts import InvoiceParts
from infrastructure.jobs.queue import Queue
from infrastructure.jobs.worker import Worker
from infrastructure.keys import PersonalKeys
from infrastructure.messaging.local import LocalMailbox
from infrastructure.messaging.parts import MessagingParts
from infrastructure.operations import books
from infrastructure.operations.books import PostgresWorkersBooks
from infrastructure.operations.shown import PostgresOperations
from infrastructure.passes.parts import PassParts
from infrastructure.payments.offered import OfferedOnLog
from infrastructure.payments.parts import PaymentParts
from infrastructure.projector import parts as projector
from infrastructure.projector.runner import Runner
from infrastructure.reactor.reactor import Reactor
from infrastructure.readstores import search
from infrastructure.readstores.documents import PostgresDocuments
from infrastructure.readstores.feeds import PostgresFeeds
from infrastructure.readstores.journals.queries import PostgresJournals
from infrastructure.readstores.positions import PostgresPositions
from infrastructure.readstores.redis import RedisCounts
from infrastructure.readstores.search import OpenSearchEngine
from infrastructure.seals.parts import SealParts
from infrastructure.security import rows as identity
from infrastructure.security.access import SigningIn
from infrastructure.security.authentication import Authentication
from infrastructure.security.passwords import Argon2Passwords
from infrastructure.security.store import PostgresAccounts
from infrastructure.selling import imports
from infrastructure.selling.imports import PostgresImportBook
from infrastructure.selling.parts import Listing, Selling
from infrastructure.selling.places import Gazetteer
from infrastructure.settings import Settings
from infrastructure.suppliers import archive as papers
from infrastructure.suppliers.parts import SupplierParts
from infrastructure.webhooks import books as hooks
from infrastructure.webhooks.parts import WebhookParts
from projections.catalogue import PROJECTIONS
from projections.listings.prices import Exchange
from projections.rates import DEFAULT, Rates


class Container(Connections):
    """The composition root; `index_prefix` keeps installations apart that share an OpenSearch, `stop` is set when the process is to end."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system.now,
        ids: Ids = system.new_id,
        index_prefix: str = "",
        stop: Event | None = None,
    ) -> None:
        super().__init__(settings)
        self.stop = stop or Event()
        self.clock = clock
        self.ids = ids
        self.index_prefix = index_prefix

    # The log and its commands

    @cached_property
    def bell(self) -> Bell:
        bell = Bell(self.settings.database_url)
        self.closing.callback(bell.close)
        return bell

    @cached_property
    def keys(self) -> PersonalKeys:
        return PersonalKeys(*self.settings.wrapping_keys)

    @cached_property
    def log(self) -> PostgresLog:
        beside = (ROWS, identity.ROWS, imports.ROWS, archive.ROWS, papers.ROWS, books.ROWS, forgetting.ROWS, consuming.ROWS, hooks.ROWS)
        rows: RowStatements = {kind: statement for family in beside for kind, statement in family.items()}
        return PostgresLog(self.pool, DECIDERS, self.keys, rows, self.bell, upcasters=UPCASTERS)

    @cached_property
    def handle(self) -> Handler:
        handle = Handler(self.log, DECIDERS)
        self.keys.on_erasure = handle.memory.clear
        return handle

    @cached_property
    def tend(self) -> Tend:
        return Tend(self.handle, PostgresWorkersBooks(self.pool))

    # Who is who

    @cached_property
    def passwords(self) -> Argon2Passwords:
        return Argon2Passwords()

    @cached_property
    def signing_in(self) -> SigningIn:
        signing_in = SigningIn(self.settings, self.pool, self.handle, self.limits, self.passwords)
        self.closing.callback(signing_in.close)
        return signing_in

    @cached_property
    def authentication(self) -> Authentication:
        return self.signing_in.authentication

    @cached_property
    def accounts(self) -> PostgresAccounts:
        return self.signing_in.accounts

    @cached_property
    def conceal(self) -> Conceal:
        return self.signing_in.conceal

    # Imports

    @cached_property
    def import_book(self) -> PostgresImportBook:
        return PostgresImportBook(self.pool)

    @cached_property
    def import_readers(self) -> dict[str, Reader]:
        places = Gazetteer()
        return {"boats": lambda file: boats.read(file, places), "products": products.read, "wholesale": wholesale.read}

    @cached_property
    def importer(self) -> Importer:
        return Importer(self.handle, self.import_book, self.import_readers, self.clock, self.ids)

    @cached_property
    def start_import(self) -> StartImport:
        return StartImport(self.handle, frozenset(self.import_readers))

    # Listings

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.handle)

    @cached_property
    def selling(self) -> Selling:
        return Selling(self.settings, self.handle)

    @cached_property
    def carrying(self) -> DeliveryParts:
        attempts = self.signing_in.attempts
        return DeliveryParts(self.settings, self.pool, self.read_pool, self.handle, self.documents, self.clock, attempts)

    @cached_property
    def start_recurring(self) -> StartRecurring:
        return StartRecurring(self.handle)

    @cached_property
    def change_recurring(self) -> ChangeRecurring:
        return ChangeRecurring(self.handle)

    @cached_property
    def give_details(self) -> GiveDetails:
        return GiveDetails(self.handle)

    # Groups

    @cached_property
    def start_group(self) -> StartGroup:
        return StartGroup(self.handle)

    @cached_property
    def supply(self) -> Supply:
        return Supply(self.handle)

    @cached_property
    def supplying(self) -> SupplierParts:
        return SupplierParts(self.settings, self.pool, self.handle, self.authentication, self.start_import)

    @cached_property
    def handing_out(self) -> PassParts:
        return PassParts(self.settings, self.handle)

    @cached_property
    def forgetting(self) -> ForgettingParts:
        return ForgettingParts(self.settings, self.pool, self.handle, self.log, self.signing_in, self.clock)

    # Payments

    @cached_property
    def paying(self) -> PaymentParts:
        paying = PaymentParts(self.settings, self.pool, self.read_pool, self.handle, self.log, self.clock, self.ids)
        self.closing.callback(paying.close)
        return paying

    # Invoices

    @cached_property
    def billing(self) -> InvoiceParts:
        return InvoiceParts(self.settings, self.pool, self.handle, self.log, self.clock)

    # Read models

    @cached_property
    def documents(self) -> PostgresDocuments:
        return PostgresDocuments(self.read_pool, PROJECTIONS)

    @cached_property
    def positions(self) -> PostgresPositions:
        return PostgresPositions(self.pool, PROJECTIONS)

    @cached_property
    def search(self) -> OpenSearchEngine:
        return OpenSearchEngine(search.connect(self.settings.opensearch_url, self.settings.searches_at_once), self.index_prefix)

    @cached_property
    def exchange(self) -> Exchange:
        return Exchange(Rates.load(self.settings.rates or DEFAULT), lambda: self.clock().date())

    @cached_property
    def counts(self) -> RedisCounts:
        return RedisCounts(self.redis)

    @cached_property
    def feeds(self) -> PostgresFeeds:
        return PostgresFeeds(self.read_pool)

    @cached_property
    def consuming(self) -> ConsumerParts:
        return ConsumerParts(self.pool, self.handle, self.clock)

    @cached_property
    def webhooks(self) -> WebhookParts:
        return WebhookParts(self.settings, self.pool, self.handle, self.clock)

    @cached_property
    def journals(self) -> PostgresJournals:
        return PostgresJournals(self.read_pool)

    @cached_property
    def audit(self) -> PostgresAudit:
        return PostgresAudit(self.read_pool, DECIDERS, self.log.history.mapper, REACTIONS)

    @cached_property
    def audit_reads(self) -> PostgresAuditReads:
        return PostgresAuditReads(self.pool)

    @cached_property
    def sealing(self) -> SealParts:
        return SealParts(self.settings, self.pool, self.read_pool, self.clock)

    @cached_property
    def operations(self) -> PostgresOperations:
        return PostgresOperations(self.pool, PROJECTIONS)

    @cached_property
    def health(self) -> health.SystemHealth:
        checks = {
            "redis": health.redis_answers(self.redis),
            "opensearch": health.opensearch_answers(self.opensearch),
            "mail": health.mail_answers(self.settings.smtp),
            "seals": self.sealing.lag,
        }
        looking = health.SystemHealth(self.pool, checks, self.reactor.name)
        self.closing.callback(looking.close)
        return looking

    @cached_property
    def runner(self) -> Runner:
        engines = (lambda: self.redis), (lambda: self.opensearch)
        runner = projector.runner(PROJECTIONS, self.log, self.settings.database_url, *engines, self.index_prefix)
        self.closing.callback(runner.close)
        return runner

    # What events owe the outside world

    @cached_property
    def reactor(self) -> Reactor:
        return Reactor(self.pool, self.log, due.due, due.EVENTS)

    @cached_property
    def jobs(self) -> Queue:
        return Queue(self.pool, clock=self.clock)

    @cached_property
    def converse(self) -> Converse:
        return Converse(self.handle, self.signing_in.commands["attempts"])

    @cached_property
    def messaging(self) -> MessagingParts:
        messaging = MessagingParts(self.settings, self.pool, self.handle, self.documents, self.clock)
        self.closing.callback(messaging.close)
        return messaging

    @property
    def mailbox(self) -> LocalMailbox:
        return self.messaging.mailbox

    @cached_property
    def worker(self) -> Worker:
        site = self.settings.public_url
        drafts = Drafts(self.log, self.signing_in.links, self.selling.guests, self.carrying.codes, self.billing.archive, site, self.clock)
        do = Do(
            self.messaging.send_letter(drafts),
            React(self.log, self.handle, REACTIONS, self.clock),
            KeepSnapshot(self.log, DECIDERS),
            self.importer,
            payments=self.paying.jobs,
            find_courier=self.carrying.find_courier(self.log),
            occurrences=OccurrenceJobs(self.handle, self.selling.check_out, self.log, self.clock),
            send_text=self.messaging.send_text(drafts),
            send_code=self.messaging.send_code(self.signing_in.phone_codes),
            tell_of_stock=self.messaging.tell_of_stock,
            invoicing=self.billing.invoicing,
            group_invoicing=self.billing.group_invoicing,
            tier_invoicing=self.billing.tier_invoicing,
            holding_places=HoldingPlaces(self.handle, OfferedOnLog(self.pool), self.clock),
            tell=self.messaging.tell(self.log, self.jobs),
            forget=self.forgetting.job(PROJECTIONS, lambda indices: expunge(self.opensearch, indices, self.index_prefix)),
            stopping=self.stop.is_set,
        )
        return Worker(self.jobs, do)
