"""Signing in and out, invitations, the language switch, the people of the office and its log."""

from __future__ import annotations

import re
from datetime import timedelta

from accounts import actions, passwords, queries, signing_in
from accounts.whatsapp import whatsapp_link
from common import access, i18n
from common.access import Route, allow
from common.handler import Handler
from common.words import OFFICIAL

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class Login(Handler):
    """Sign in with username and password."""

    async def get(self) -> None:
        """The form."""
        if self.visit.who is not None:
            self.redirect(self.safe_next(self.asked("next")))
            return
        self._form({"username": "", "next": self.asked("next")}, {})

    async def post(self) -> None:
        """Check the password; the same sentence for a wrong password and an unknown name."""
        form = self.sent_form("username", "next")
        username, password = (
            form["username"].lower()[:100],
            self.get_body_argument("password", "", strip=False),
        )
        wait = await self.act(actions.begin_attempt, username)
        if wait > timedelta(0):
            self._later(form, int(wait.total_seconds()) + 1)
            return
        credentials = await self.read(queries.credentials_of, username)
        try:
            is_right = await passwords.is_right_later(credentials.password_hash, password[:500])
        except passwords.TooBusy:
            self._later(form, 5)
            return
        if not is_right or credentials.account_id is None:
            wrong = self._("The username or the password is wrong. Check both and try again.")
            self._form(form, {"password": wrong}, 422)
            return
        await self.sign_in(credentials.account_id)
        self.redirect(self.safe_next(form["next"]), status=303)

    async def sign_in(self, account_id: int) -> None:
        """Give this browser a new session; the one it had ends."""
        before = self.get_cookie(self.session_cookie)
        token = await self.act(actions.start_session, account_id, before)
        self.set_cookie(self.session_cookie, token, expires_days=None, **self._cookie_flags())

    def _later(self, form: dict[str, str], seconds: int) -> None:
        sentence = self.ngettext(
            "Too many tries to sign in. Try again in %(num)s second.",
            "Too many tries to sign in. Try again in %(num)s seconds.",
            seconds,
        )
        self._form(form, {"password": sentence}, 429)

    def _form(self, form: dict[str, str], errors: dict[str, str], status: int = 200) -> None:
        self.page("accounts/login.html", status, form=form, errors=errors)


class Logout(Handler):
    """Sign out."""

    async def post(self) -> None:
        """End the session here and in the database."""
        token = self.get_cookie(self.session_cookie)
        if token:
            await self.act(actions.end_session, token)
        self.clear_cookie(self.session_cookie, **self._cookie_flags())
        self.go("login")


class Language(Handler):
    """Switch the language, on any page."""

    async def post(self) -> None:
        """Remember the language in this browser and go back to the page."""
        language = self.sent("language")
        if language in dict(i18n.LANGUAGES):
            self.set_cookie("language", language, expires_days=365, **self._cookie_flags())
        self.redirect(self.safe_next(self.sent("next")), status=303)


class InvitationLink(Login):
    """The page behind a one-time link: set a password and come in."""

    def write_error(self, status_code: int, **kwargs: object) -> None:
        """A link that was used, withdrawn or is too old is no mistyped address: say so."""
        if status_code == 404:
            self.page("accounts/spent.html", 404)
        else:
            super().write_error(status_code, **kwargs)

    async def get(self, token: str) -> None:  # type: ignore[override]
        """Who is invited to what, and the form."""
        await self._show(token, {})

    async def post(self, token: str) -> None:  # type: ignore[override]
        """Set the password, open the account, sign in."""
        invitation = await self.read(queries.invitation_of, token)
        password = self.get_body_argument("password", "", strip=False)
        fault = signing_in.password_fault(
            password, self.get_body_argument("again", "", strip=False), invitation.username
        )
        if fault is not None:
            await self._show(token, self._sentence(fault))
            return
        hashed = await passwords.hash_later(password)
        try:
            account_id = await self.act(actions.accept_invitation, token, hashed)
        except (actions.InvitationSpent, actions.UsernameTaken):
            self.notice(
                "warn", self._("This invitation was used already. Sign in, or ask the office for a new link.")
            )
            self.go("login")
            return
        await self.sign_in(account_id)
        sentence = (
            self._("Your new password counts from now on.")
            if invitation.has_account
            else self._(
                "Your account is ready. Sign in with %(username)s from now on.", username=invitation.username
            )
        )
        self.notice("done", sentence)
        self.go("home")

    def _sentence(self, fault: str) -> dict[str, str]:
        if fault == "short":
            return {
                "password": self.ngettext(
                    "Choose a password of %(num)s character or more.",
                    "Choose a password of %(num)s characters or more.",
                    signing_in.MINIMUM_PASSWORD,
                )
            }
        if fault == "long":
            return {
                "password": self._(
                    "Choose a password of at most %(num)s characters.", num=signing_in.LONGEST_PASSWORD
                )
            }
        if fault == "same_as_username":
            return {"password": self._("Choose a password that is not the username.")}
        return {"again": self._("The two passwords differ. Type the same password twice.")}

    async def _show(self, token: str, errors: dict[str, str]) -> None:
        invitation = await self.read(queries.invitation_of, token)
        school_name = await self.read(
            self.settings["school_name"], invitation.office_id, invitation.school_id
        )
        self.page(
            "accounts/invitation.html",
            422 if errors else 200,
            form={},
            errors=errors,
            invitation=invitation,
            school_name=school_name,
        )


class People(Handler):
    """Who of the office signs in; invite an officer, a viewer or another coordinator."""

    async def get(self) -> None:
        """The list and the form."""
        await self._show({"name": "", "username": "", "phone": "", "role": access.OFFICER}, {})

    async def post(self) -> None:
        """Make a one-time link and show it, once."""
        form = {name: self.sent(name, 100) for name in ("name", "username", "phone", "role")}
        errors = self._faults(form)
        if not errors:
            try:
                invitation = await self.act(
                    actions.invite, self.who, form["role"], form["name"], form["username"], form["phone"]
                )
            except actions.UsernameTaken:
                errors = {"username": self._("This username is taken. Choose another one.")}
            else:
                self.carry("link", f"{invitation.id}:{invitation.token}")
                self.go("invitation_made", invitation.id)
                return
        await self._show(form, errors, 422)

    def _faults(self, form: dict[str, str]) -> dict[str, str]:
        errors = {}
        if not form["name"]:
            errors["name"] = self._("Write the person's name.")
        if not USERNAME.fullmatch(form["username"].lower()):
            errors["username"] = self._(
                "Write 3 to 40 small letters, digits, dots or hyphens, without spaces."
            )
        if form["role"] not in (access.COORDINATOR, access.OFFICER, access.VIEWER):
            errors["role"] = self._("Choose what the person does.")
        return errors

    async def _show(self, form: dict[str, str], errors: dict[str, str], status: int = 200) -> None:
        people = await self.read(queries.people, self.who)
        self.page("accounts/people.html", status, people=people, form=form, errors=errors)


class DisableAccount(Handler):
    """Close a person's account."""

    async def get(self, account_id: str) -> None:
        """What closing does, before it is done."""
        person = await self.read(queries.person, self.who, int(account_id))
        self.page("accounts/close.html", person=person)

    async def post(self, account_id: str) -> None:
        """Disable it and end its sessions at once."""
        await self.act(actions.disable_account, self.who, int(account_id))
        self.notice("done", self._("The account is closed and signed out everywhere."))
        self.go("people")


class EnableAccount(Handler):
    """Open a closed account again."""

    async def post(self, account_id: str) -> None:
        """The person can sign in with the password of before."""
        await self.act(actions.enable_account, self.who, int(account_id))
        self.notice("done", self._("The account is open again."))
        self.go("people")


class WithdrawInvitation(Handler):
    """End a one-time link that went to the wrong person."""

    async def post(self, invitation_id: str) -> None:
        """The link opens nothing from now on."""
        await self.act(actions.withdraw_invitation, self.who, int(invitation_id))
        self.notice("done", self._("The invitation is withdrawn. Its link opens nothing any more."))
        self.go("people")


class NewPasswordLink(Handler):
    """A one-time link for somebody who forgot the password."""

    async def post(self, account_id: str) -> None:
        """Make the link and go where it is shown."""
        made = await self.act(actions.invite_to_new_password, self.who, int(account_id))
        self.carry("link", f"{made.id}:{made.token}")
        self.go("invitation_made", made.id)


class InvitationMade(Handler):
    """A link just made, with the message that carries it; for ten minutes, in the browser that made it."""

    async def get(self, invitation_id: str) -> None:
        """The link, or that it is not shown any more."""
        made = await self.read(queries.invitation_made, self.who, int(invitation_id))
        made_here, _, token = self.carried("link").partition(":")
        if made_here != invitation_id:
            self.page("accounts/link_gone.html", person=made.name, school_id=made.school_id)
            return
        link = self.full_url("invitation", token)
        message = await self._message(made, link)
        self.page(
            "accounts/invited.html",
            link=link,
            made=made,
            message=message,
            whatsapp=whatsapp_link(made.phone, message),
            back=self.url("school", made.school_id)
            if made.school_id and not made.has_account
            else self.url("people"),
        )

    async def _message(self, made: queries.InvitationMadeCard, link: str) -> str:
        if made.has_account:
            return OFFICIAL._(
                "Hello %(name)s, open this link within 7 days to set a new password for %(username)s: %(link)s",
                name=made.name,
                username=made.username,
                link=link,
            )
        if made.school_id is None:
            return OFFICIAL._(
                "Hello %(name)s, you are invited to the ID card recording programme of %(office)s. "
                "Open this link within 7 days and set your password; your username is %(username)s: %(link)s",
                name=made.name,
                office=self.who.office_name,
                username=made.username,
                link=link,
            )
        school = await self.read(self.settings["school_name"], self.who.office_id, made.school_id)
        return OFFICIAL._(
            "Hello %(name)s, %(office)s invites you to send the student data of %(school)s for ID card recording. "
            "Open this link within 7 days and set your password; your username is %(username)s: %(link)s",
            name=made.name,
            username=made.username,
            office=self.who.office_name,
            school=school,
            link=link,
        )


class AuditLog(Handler):
    """Who did what, and who was shown personal data."""

    async def get(self) -> None:
        """The newest hundred lines."""
        before = self.asked_number("before", 0)
        rows = await self.read(queries.audit_log, self.who, before or None)
        self.page("accounts/audit.html", rows=rows, before=before)


ROUTES = [
    Route("login", r"/login", Login, allow(access.ANYONE)),
    Route("logout", r"/logout", Logout, allow(*access.ROLES)),
    Route("language", r"/language", Language, allow(access.ANYONE)),
    Route("invitation", r"/invitations/([A-Za-z0-9_-]{43})", InvitationLink, allow(access.ANYONE)),
    Route("people", r"/people", People, allow(access.COORDINATOR)),
    Route("disable_account", r"/people/([0-9]{1,18})/disable", DisableAccount, allow(access.COORDINATOR)),
    Route("enable_account", r"/people/([0-9]{1,18})/enable", EnableAccount, allow(access.COORDINATOR)),
    Route("invitation_made", r"/people/invitations/([0-9]{1,18})", InvitationMade, allow(access.COORDINATOR)),
    Route("new_password", r"/people/([0-9]{1,18})/password", NewPasswordLink, allow(access.COORDINATOR)),
    Route(
        "withdraw_invitation",
        r"/people/invitations/([0-9]{1,18})/withdraw",
        WithdrawInvitation,
        allow(access.COORDINATOR),
    ),
    Route("audit", r"/audit", AuditLog, allow(access.COORDINATOR)),
]
