"""Companies that sell wholesale goods to groups: signing up, and the papers and accounts that staff verify."""

import base64
import binascii
from uuid import UUID

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody

from application.commands.suppliers.companies import Correct, SignUp
from application.commands.suppliers.papers import AddPaper
from domain.decider import Rejected
from domain.suppliers import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.suppliers.bodies import BASE64, BankDetails, PaperBody, SupplierParticulars
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import post, put


class SupplierCommands(Controller):
    path = "/v1/suppliers"
    tags = ("suppliers",)

    @post("/", guards=[signed_in], sync_to_thread=True, responses=problems("registration_taken", "seat_taken"))
    def sign_up(self, data: JSONBody[SupplierParticulars], run: Given[Dispatch], sign_up_supplier: Given[SignUp]) -> Response[Accepted]:
        """Sign a company up, which the caller owns from then on; each company once, and nobody acts for two.

        422 `country_unknown`, `registration_invalid`, `vat_number_invalid`, `address_invalid`, `email_invalid`, `phone_invalid`.
        """
        command = c.RegisterSupplier(run.new_id(), data.value(), run.by, run.now)
        return run.answer(sign_up_supplier(command, run.meta), "/v1/suppliers")

    @put(
        "/{supplier_id:uuid}",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "supplier_not_found", "supplier_not_editable", "registration_taken"),
    )
    def correct(
        self,
        supplier_id: FromPath[UUID],
        data: JSONBody[SupplierParticulars],
        run: Given[Dispatch],
        correct_supplier: Given[Correct],
    ) -> Response[Accepted]:
        """Say anew who the company is, before it is verified. 422 as when it signs up."""
        command = c.CorrectSupplier(supplier_id, data.value(), run.by, run.now)
        return run.answer(correct_supplier(command, run.meta, run.expected))

    @put(
        "/{supplier_id:uuid}/bank-details",
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("not_yours", "supplier_not_found", "supplier_refused"),
    )
    def bank(self, supplier_id: FromPath[UUID], data: JSONBody[BankDetails], run: Given[Dispatch]) -> Response[Accepted]:
        """Say where money goes; of the number only the last four characters are ever shown.

        422 `account_invalid`, `bank_unknown`, `branch_unknown`, `country_unknown`.
        """
        return run(supplier_id, c.SetBankDetails(supplier_id, data.value(), run.by, run.now))

    @post(
        "/{supplier_id:uuid}/documents",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        request_max_body_size=BASE64 + 4096,
        responses=problems("not_yours", "supplier_not_found", "supplier_not_editable", "documents_full"),
    )
    def add_document(
        self, supplier_id: FromPath[UUID], data: JSONBody[PaperBody], run: Given[Dispatch], add_paper: Given[AddPaper]
    ) -> Response[Accepted]:
        """Show staff a paper; the same file again changes nothing. 422 `document_type_unknown`, `document_too_large`, `content_invalid`."""
        done = add_paper(supplier_id, data.kind, data.name, decoded(data.content), run.by, run.now, run.meta)
        return run.answer(done)


def decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("content_invalid", "Send the file in base64.", pointer="/content") from None
