"""Addresses of the office's devices: the coordinator's list, and the page by which a device is registered."""

from __future__ import annotations

import base64
import re

from campaigns.field import actions, device_actions, device_queries
from campaigns.field.devices import KEPT_AS, code_as_shown, kept_name
from campaigns.printing import qr_svg
from common import access
from common.access import Route, allow
from common.handler import Handler

_DEVICE = re.compile(r"kit-[0-9a-f]{32}")


class Devices(Handler):
    """The office's devices."""

    async def get(self) -> None:
        """The list, and the form for one more."""
        await self._show({})

    async def post(self) -> None:
        """Name a device: a new one gets a code, one that sends marks already (`device`) is registered at once."""
        name = self.sent("name", 60)
        device = self.sent("device", 64)
        try:
            if device:
                await self.act(device_actions.name_device, self.who, device, name)
            else:
                device_id, code = await self.act(device_actions.make_code, self.who, name)
        except actions.NotAllowed:
            await self._show(
                {"name": self._("Write what the device is called, for example the phone of team A.")}
            )
            return
        if device:
            self.notice("done", self._("%(name)s is registered.", name=name))
            self.go("devices")
            return
        self.carry("device_code", f"{device_id}:{code}")
        self.go("device_code", device_id)

    async def _show(self, errors: dict[str, str]) -> None:
        cards = await self.read(device_queries.devices, self.who)
        self.page("campaigns/field/devices.html", 422 if errors else 200, devices=cards, errors=errors)


class DeviceCode(Handler):
    """A code just made, for ten minutes, in the browser that made it."""

    async def get(self, device_id: str) -> None:
        """The code, and the QR code that leads a phone to its page with the code filled in."""
        card = await self.read(device_queries.device_card, self.who, int(device_id))
        made_here, _, code = self.carried("device_code").partition(":")
        shown = code_as_shown(code) if made_here == device_id and card.state == "waiting" else ""
        # behind a # it reaches no server and no log
        address = f"{self.full_url('device')}#{code}"
        drawing = base64.b64encode(qr_svg(address, on_screen=True)).decode() if shown else ""
        self.page("campaigns/field/device_code.html", device=card, code=shown, drawing=drawing)

    async def post(self, device_id: str) -> None:
        """Make the code anew: the old one opens nothing any more."""
        made, code = await self.act(device_actions.make_code, self.who, "", int(device_id))
        self.carry("device_code", f"{made}:{code}")
        self.go("device_code", made)


class DeviceDisable(Handler):
    """A lost phone."""

    async def get(self, device_id: str) -> None:
        """What disabling does."""
        card = await self.read(device_queries.device_card, self.who, int(device_id))
        self.page("campaigns/field/device_disable.html", device=card)

    async def post(self, device_id: str) -> None:
        """Disable it."""
        await self.act(device_actions.disable_device, self.who, int(device_id))
        self.notice("done", self._("The device is disabled. What it sends waits for you to decide."))
        self.go("devices")


class DeviceEnable(Handler):
    """A phone that was found again."""

    async def post(self, device_id: str) -> None:
        """Enable it."""
        await self.act(device_actions.enable_device, self.who, int(device_id))
        self.notice("done", self._("The device is enabled again."))
        self.go("devices")


class ThisDevice(Handler):
    """The page on the phone itself: type the code."""

    async def get(self) -> None:
        """The form; the script says how this device names itself."""
        self._show("", {})

    async def post(self) -> None:
        """Register it."""
        code, device = self.sent("code", 20), self.sent("device", 64)
        if not _DEVICE.fullmatch(device):
            self._show(code, {"": self._("This browser cannot keep marks, so it cannot be registered.")})
            return
        try:
            name = await self.act(device_actions.register_device, self.who, code, device)
        except actions.NotAllowed as why:
            known = self._("This device is registered already.")
            wrong = self._(
                "This code is not known, was used, or is older than a day. Ask the coordinator for one."
            )
            self._show(code, {"code": known if str(why) == "known" else wrong})
            return
        self.keep(KEPT_AS, kept_name(self.who.office_id, name))
        self.notice("done", self._("This device is registered as %(name)s.", name=name))
        self.go("home")

    def _show(self, code: str, errors: dict[str, str]) -> None:
        self.page("campaigns/field/device.html", 422 if errors else 200, code=code, errors=errors)


_COORDINATOR = allow(access.COORDINATOR)

ROUTES = [
    Route("device", r"/device", ThisDevice, allow(access.COORDINATOR, access.OFFICER)),
    Route("devices", r"/devices", Devices, _COORDINATOR),
    Route("device_code", r"/devices/([0-9]{1,18})/code", DeviceCode, _COORDINATOR),
    Route("device_disable", r"/devices/([0-9]{1,18})/disable", DeviceDisable, _COORDINATOR),
    Route("device_enable", r"/devices/([0-9]{1,18})/enable", DeviceEnable, _COORDINATOR),
]
