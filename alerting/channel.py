"""One way to a receiver, by Apprise, which is loaded only when something is to be sent."""

from __future__ import annotations

import logging
import re
from urllib.parse import unquote

from storage.errors import SettingsError

_WITHOUT = "alerts need Apprise, which is not installed. Install it with: pip install 'gochim[alerts]'"


class Undelivered(Exception):
    """A message was not taken; says why, without any part of the receiver's address."""


class Channel:
    """A receiver that can be sent to.

    Args:
        address: Apprise's address of it; it holds secrets and is never repeated.

    Raises:
        SettingsError: Apprise is not installed, or knows no such address.
    """

    def __init__(self, address: str) -> None:
        try:
            from apprise import Apprise, AppriseAsset, NotifyFormat, OverflowMode, PersistentStoreMode
        except ImportError as error:
            raise SettingsError(_WITHOUT) from error
        # What it has to say is told by Undelivered, without the secrets.
        logger = logging.getLogger("apprise")
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        # Nothing of Apprise's own: no pictures from its site, no files, no plugins, no threads.
        asset = AppriseAsset(
            app_id="gochim",
            app_desc="gochim",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            async_mode=False,
            plugin_paths=[],
            storage_mode=PersistentStoreMode.MEMORY,
            http_redirects=False,
        )
        self._text = NotifyFormat.TEXT
        self._secrets = {
            one for one in re.split(r"[^\w.%-]+", address) + re.split(r"\W+", unquote(address)) if len(one) > 4
        }
        self._apprise = Apprise(asset=asset)
        if not self._apprise.add(address) or len(self._apprise) != 1:
            raise SettingsError("its address is none that Apprise knows; see: https://github.com/caronc/apprise")
        service = self._apprise[0]
        if service.overflow_mode is OverflowMode.UPSTREAM:
            # Where a service has no place for titles they stand in the text, and markup makes a text longer.
            service.overflow_mode = OverflowMode.SPLIT

    @property
    def limit(self) -> int:
        """The most characters that the service takes in one message."""
        return int(self._apprise[0].body_maxlen)

    def send(self, title: str, body: str, message: str) -> None:
        """Send one message; its id goes along where the service has a place for it, so that twice can be told.

        What the service would find too long goes in several.

        Raises:
            Undelivered: The service did not take it.
        """
        headers = getattr(self._apprise[0], "headers", None)
        if isinstance(headers, dict):
            headers |= {"X-Gochim-Message": message, "Idempotency-Key": message}
        result = self._apprise.notify(body=body, title=title, body_format=self._text)
        if not result:
            said = " ".join(entry.message for entry in result.logs()) or "no reason was given"
            raise Undelivered(self._without_secrets(said)[:300])

    def _without_secrets(self, said: str) -> str:
        for one in sorted(self._secrets, key=len, reverse=True):
            said = said.replace(one, "***")
        return " ".join(said.split())
