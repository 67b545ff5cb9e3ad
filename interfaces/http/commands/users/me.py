"""What a person changes about himself."""

from litestar import Controller, Response
from litestar.params import JSONBody

from application.commands.emails import ChangeEmail
from application.commands.passwords import ChangeOwnPassword
from application.commands.people.phones import AddPhone
from application.phones import e164
from domain.users import commands as c
from interfaces.http.answers import Accepted
from interfaces.http.caller import signed_in
from interfaces.http.commands.users.bodies import LIMITED, EmailChange, PasswordChange, PhoneProof, PreferenceChoice, ProfileEdit
from interfaces.http.dispatch import Dispatch
from interfaces.http.errors import problems
from interfaces.http.requests import Given
from interfaces.http.routes import patch, post, put


class MeCommands(Controller):
    path = "/v1/me"
    tags = ("me",)
    exception_handlers = LIMITED

    @patch("/profile", guards=[signed_in], sync_to_thread=True, responses=problems("user_not_found", "not_yours", "suspended"))
    def edit_profile(self, data: JSONBody[ProfileEdit], run: Given[Dispatch]) -> Response[Accepted]:
        """Change name, telephone number or addresses. 422 `phone_invalid`, `name_invalid`; `phone_signs_in` for one to sign in with."""
        phone = None if data.phone is None else e164(data.phone)
        addresses = None if data.addresses is None else tuple(each.value() for each in data.addresses)
        return run(run.by.id, c.EditProfile(run.by.id, run.by, data.name, phone, addresses))

    @put("/preferences", guards=[signed_in], sync_to_thread=True, responses=problems("user_not_found", "not_yours", "suspended"))
    def set_preferences(self, data: JSONBody[PreferenceChoice], run: Given[Dispatch]) -> Response[Accepted]:
        """Set language, currency, units and notices, all at once."""
        return run(run.by.id, c.SetPreferences(run.by.id, data.value(), run.by))

    @post(
        "/password",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("wrong_password", "user_not_found", "not_yours", "suspended", "too_many_attempts"),
    )
    def change_password(
        self, data: JSONBody[PasswordChange], run: Given[Dispatch], change_password: Given[ChangeOwnPassword]
    ) -> Response[Accepted]:
        """Change the password by the present one; all other sessions end. 422 `password_weak`."""
        command = c.ChangePassword(run.by.id, run.by, run.now)
        kept = run.caller.session_id
        return run.answer(change_password(command, data.current_password, data.new_password, kept, run.meta, run.expected))

    @post(
        "/email",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("wrong_password", "email_taken", "user_not_found", "not_yours", "suspended", "too_many_attempts"),
    )
    def change_email(self, data: JSONBody[EmailChange], run: Given[Dispatch], change_email: Given[ChangeEmail]) -> Response[Accepted]:
        """Ask for another address, or for the first one: it is sent a link, and until that is followed all stays as it is.

        Who signs in by telephone alone proves himself by a code of `POST /v1/phone-codes`; with the link followed,
        `POST /v1/password-resets` leads to a password. 422 `email_unchanged`, `code_invalid`.
        """
        command = c.RequestEmailChange(run.by.id, run.new_id(), data.email, run.by, run.now)
        return run.answer(change_email(command, data.password, data.code, run.meta, run.expected))

    @post(
        "/phone",
        status_code=200,
        guards=[signed_in],
        sync_to_thread=True,
        responses=problems("wrong_password", "phone_taken", "user_not_found", "not_yours", "suspended", "too_many_attempts"),
    )
    def add_phone(self, data: JSONBody[PhoneProof], run: Given[Dispatch], add_phone: Given[AddPhone]) -> Response[Accepted]:
        """Add a number to sign in with, or another one, by password and a code of `POST /v1/phone-codes`; the former signs in no more.

        422 `code_invalid` for a wrong, used or expired code, `phone_invalid`.
        """
        command = c.ProvePhone(run.by.id, data.phone, run.by, run.now)
        return run.answer(add_phone(command, data.password, data.code, run.meta, run.expected))
