"""How callers say who they are: with an API key, or by the word of a reverse proxy that signs people in."""

import base64
import binascii
import ipaddress
import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.access import LOCAL, Caller, Role
from assistant.records.keys import NAMED
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.records.keys import KeyStore

log = logging.getLogger(__name__)

_KEYLIKE: Final = re.compile(r"ask_[0-9a-f_]+")
# What a reverse proxy adds: whoever sits at this machine does not send it.
_FORWARDED: Final = frozenset(("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-user", "x-real-ip"))
_LONGEST: Final = 200  # characters of a user's name
_UNSIGNED: Final = "Nobody has signed in. Send an API key as Authorization: Bearer …, or sign in at the proxy"
_BAD_KEY: Final = "This API key opens nothing: it is unknown, has expired, or was revoked. Ask for another"
_THROUGH: Final = (
    "This request came through a proxy, and nobody signs in here. Name the proxy that signs people in (sso_proxies), "
    "or have callers send a key (sign_in)"
)


class NotSignedInError(Exception):
    """Nobody is known to call; says what to do."""


class Trusted:
    """The addresses whose word is taken: of networks as `10.0.0.1` or `10.1.0.0/16`."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network, strict=False) for network in networks]

    def __contains__(self, sender: str) -> bool:
        try:
            ip = ipaddress.ip_address(sender)
        except ValueError:  # a socket without one
            return False
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in self._networks)


class Ways:
    """The ways to sign in that the settings leave."""

    def __init__(self, settings: Settings, keys: "KeyStore | None") -> None:
        self._settings, self._keys, self._proxies = settings, keys, Trusted(settings.sso_proxies)

    def caller(self, scope: Scope) -> Caller:
        """Whoever sends a request. Looks a key up in a database: not for the event loop.

        Raises:
            NotSignedInError: nobody who is known.
            RecordsError: the key could not be looked up.
        """
        headers = Headers(scope=scope)
        if not self._settings.must_sign_in:
            if _FORWARDED & set(headers):
                raise NotSignedInError(_THROUGH)
            return LOCAL
        key = _key(headers)
        if key:
            found = self._keys.caller(key) if self._keys else None
            if found is None:
                log.warning("a key that opens nothing was sent from %s", address(scope))  # never the key itself
                raise NotSignedInError(_BAD_KEY)
            return found
        found = self._by_proxy(headers) if address(scope) in self._proxies else None
        if found is None:
            raise NotSignedInError(_UNSIGNED)
        return found

    def _by_proxy(self, headers: Headers) -> Caller | None:
        """Whoever the proxy says. One name only: two would be the proxy's and one that the browser sent along."""
        names = _values(headers, self._settings.sso_user_header)
        user = names[0].strip() if len(names) == 1 else ""
        if not user or len(user) > _LONGEST or not user.isprintable() or user.startswith(NAMED):
            return None
        said = ",".join(_values(headers, self._settings.sso_groups_header))
        groups = frozenset(group.strip() for group in said.split(",") if group.strip())
        return Caller(user, groups, self._role(groups))

    def _role(self, groups: frozenset[str]) -> Role:
        if not groups.isdisjoint(self._settings.sso_admins):
            return "admin"
        return "reader" if groups.isdisjoint(self._settings.sso_curators) else "curator"


def address(scope: Scope) -> str:
    """The address that a request comes from, as the network says, whatever its headers say."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _key(headers: Headers) -> str:
    """What is sent as a key: by a program as Bearer, by a browser that asked for it as the password of Basic."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    given = given.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    elif scheme.lower() != "bearer":
        return ""
    return given if _KEYLIKE.fullmatch(given) else ""  # a proxy may send a token of its own


def _values(headers: Headers, name: str) -> list[str]:
    """The values of a header. Proxies send names in UTF-8."""
    wanted, found = name.lower().encode("ascii"), []
    for key, value in headers.raw:
        if key == wanted:
            try:
                found.append(value.decode("utf-8"))
            except UnicodeDecodeError:
                found.append(value.decode("latin-1"))
    return found
