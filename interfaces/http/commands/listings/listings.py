"""What sellers and moderators do with listings."""

from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.tiers import PutFirst, PutOnOffer, ShowImages, TakeFromOffer
from application.rows import HoldArticles
from domain.listings import commands as c
from domain.values import Role
from interfaces.http.answers import Accepted
from interfaces.http.caller import requires, signed_in
from interfaces.http.commands.listings.bodies import Draft, Edit, Images, Price, Refusal
from interfaces.http.commands.steps import steps
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import patch, post, put

MODERATORS = requires(Role.MODERATOR, Role.ADMIN)


step = steps("/{listing_id:uuid}", "not_yours", "listing_not_found")


class ListingCommands(Controller):
    path = "/v1/listings"
    tags = ("listings",)

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems("not_yours"))
    def draft(self, data: JSONBody[Draft], run: Given[Dispatch]) -> Response[Accepted]:
        """Begin a listing as a draft. 400 with a pointer where the content breaks a rule of its category."""
        command = data.command(run.new_id(), run.by, run.now)
        return run.created("/v1/listings", command.listing_id, command)

    @patch(
        "/{listing_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems(
            "not_yours",
            "listing_not_found",
            "listing_not_editable",
            "title_required",
            "price_required",
            "attribute_required",
            "variant_required",
        ),
    )
    def edit(self, listing_id: FromPath[UUID], data: JSONBody[Edit], run: Given[Dispatch]) -> Response[Accepted]:
        """Change the content; what was approved before goes back to review."""
        return run(listing_id, data.command(listing_id, run.by, run.now))

    @put(
        "/{listing_id:uuid}/price",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "listing_not_found", "price_is_final", "not_for_kind"),
    )
    def price(self, listing_id: FromPath[UUID], data: JSONBody[Price], run: Given[Dispatch]) -> Response[Accepted]:
        """Set the price, at any time before the sale; it needs no new review."""
        return run(listing_id, c.PriceListing(listing_id, data.price.value(), run.by, run.now))

    @put(
        "/{listing_id:uuid}/images",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "listing_not_found", "listing_not_editable", "image_limit_reached", "attribute_required"),
    )
    def images(
        self, listing_id: FromPath[UUID], data: JSONBody[Images], run: Given[Dispatch], show_images: Given[ShowImages]
    ) -> Response[Accepted]:
        """Set all images; what was approved before goes back to review.

        409 `image_limit_reached` where the seller's tier allows fewer and one of them is new; 422 `image_invalid`, `image_repeated`.
        """
        images = [each.value() for each in data.images]
        return run.answer(show_images(listing_id, images, run.by, run.now, run.meta, run.expected))

    @step("submit", signed_in, "listing_not_draft", "title_required", "price_required", "attribute_required", "variant_required")
    def submit(self, listing_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Bring a complete draft before a moderator."""
        return run(listing_id, c.SubmitListing(listing_id, run.by, run.now))

    @step("approve", MODERATORS, "listing_not_submitted", "own_listing")
    def approve(self, listing_id: FromPath[UUID], run: Given[Dispatch]) -> Response[Accepted]:
        """Allow a submitted listing to be published, but not one's own."""
        return run(listing_id, c.ApproveListing(listing_id, run.by, run.now))

    @step("reject", MODERATORS, "listing_not_submitted", "own_listing")
    def reject(
        self, listing_id: FromPath[UUID], data: JSONBody[Refusal], run: Given[Dispatch], take_from_offer: Given[TakeFromOffer]
    ) -> Response[Accepted]:
        """Refuse a submitted listing for good; its seller reads the reason."""
        return run.answer(take_from_offer(c.RejectListing(listing_id, data.reason, run.by, run.now), run.meta, run.expected))

    @step("request-changes", MODERATORS, "listing_not_submitted", "own_listing")
    def request_changes(self, listing_id: FromPath[UUID], data: JSONBody[Refusal], run: Given[Dispatch]) -> Response[Accepted]:
        """Give a submitted listing back to its seller with what to change."""
        return run(listing_id, c.RequestChanges(listing_id, data.reason, run.by, run.now))

    @step("publish", signed_in, "listing_not_approved", "listing_limit_reached", "supplier_not_verified")
    def publish(self, listing_id: FromPath[UUID], run: Given[Dispatch], put_on_offer: Given[PutOnOffer]) -> Response[Accepted]:
        """Offer an approved listing to everyone. 409 `listing_limit_reached` where the seller's tier has no room for it.

        Nothing that is on offer is taken down for want of room: the refusal says how many there are, and which tier would have more.
        """
        return run.answer(put_on_offer(c.PublishListing(listing_id, run.by, run.now), run.meta, run.expected))

    @step("pause", signed_in, "listing_not_published")
    def pause(self, listing_id: FromPath[UUID], run: Given[Dispatch], take_from_offer: Given[TakeFromOffer]) -> Response[Accepted]:
        """Take a published listing out of sight for a while."""
        return run.answer(take_from_offer(c.PauseListing(listing_id, run.by, run.now), run.meta, run.expected))

    @step("resume", signed_in, "listing_not_paused", "listing_limit_reached", "supplier_not_verified")
    def resume(self, listing_id: FromPath[UUID], run: Given[Dispatch], put_on_offer: Given[PutOnOffer]) -> Response[Accepted]:
        """Offer a paused listing again."""
        return run.answer(put_on_offer(c.ResumeListing(listing_id, run.by, run.now), run.meta, run.expected))

    @step("promote", signed_in, "listing_not_published", "promotion_limit_reached")
    def promote(self, listing_id: FromPath[UUID], run: Given[Dispatch], put_first: Given[PutFirst]) -> Response[Accepted]:
        """Have a published listing come before others; 409 `promotion_limit_reached` where the seller's tier has no room for it.

        It ends with `demote`, when the listing is taken from offer, and when the tier gets smaller than what is promoted.
        """
        return run.answer(put_first(c.PromoteListing(listing_id, run.by, run.now), run.meta, run.expected))

    @step("demote", signed_in)
    def demote(self, listing_id: FromPath[UUID], run: Given[Dispatch], take_from_offer: Given[TakeFromOffer]) -> Response[Accepted]:
        """Have a listing come where it would without promotion."""
        return run.answer(take_from_offer(c.DemoteListing(listing_id, run.by, run.now), run.meta, run.expected))

    @step("mark-sold", signed_in, "listing_not_on_sale", "not_for_kind")
    def mark_sold(self, listing_id: FromPath[UUID], run: Given[Dispatch], take_from_offer: Given[TakeFromOffer]) -> Response[Accepted]:
        """Say that a listing has found its buyer."""
        return run.answer(take_from_offer(c.MarkListingSold(listing_id, run.by, run.now), run.meta, run.expected))

    @step("archive", signed_in, "listing_archived")
    def archive(self, listing_id: FromPath[UUID], run: Given[Dispatch], take_from_offer: Given[TakeFromOffer]) -> Response[Accepted]:
        """Put a listing away for good; its article numbers may be given to another."""
        return run.answer(
            take_from_offer(c.ArchiveListing(listing_id, run.by, run.now), run.meta, run.expected, [HoldArticles(listing_id, [])])
        )
