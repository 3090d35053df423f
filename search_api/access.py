"""Who may ask: the key of a request, its scope, and how often it was used.

Health routes and the files of the pages' look are open to all. Where keys are demanded, everything else needs
one with the scope ``search``. What changes the library needs ``admin``, but on a loopback address for which
no key was ever made: there whoever asks from this machine may, unless it is a page of another site in a
browser.
"""

import ipaddress
import logging
import math
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_limiter import Limiter
from limits import parse_many
from limits.errors import ConfigurationError

from corpus.errors import KeyMissingError, ParameterError, ScopeError
from search_api.clock import ClockWatch
from search_api.keys import KeyRing
from search_api.settings import Settings

_LOG = logging.getLogger("footnote.access")

_OPEN = {"operations.alive", "operations.ready", "static"}
#: What proxies add to a request.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_View = TypeVar("_View", bound=Callable[..., Any])


def admin_only(view: _View) -> _View:
    """Mark a view that only a key with the scope ``admin`` may call."""
    view.footnote_scope = "admin"  # type: ignore[attr-defined]
    return view


def scope_of(view: Callable[..., Any] | None) -> str:
    """The scope that a key needs to call a view."""
    return str(getattr(view, "footnote_scope", "search"))


def register(app: Flask) -> None:
    """Check every request of the application; raises `ParameterError` for a limit that is none."""
    settings: Settings = app.config["FOOTNOTE"]
    app.extensions["footnote.keys"] = KeyRing(settings.keys)
    app.before_request(_identify)
    app.extensions["footnote.clock"] = ClockWatch()
    app.before_request(_count_anew)
    app.extensions["footnote.limiter"] = _limiter(app, settings)
    app.before_request(_demand)
    app.after_request(_tell_limits)


def _limiter(app: Flask, settings: Settings) -> Limiter | None:
    if settings.limit == "off":
        return None
    try:
        parse_many(settings.limit)
    except ValueError as error:
        raise ParameterError(
            "limit", settings.limit, "is no limit", "write 600 per minute, or off"
        ) from error
    try:
        return Limiter(
            _who,
            app=app,
            application_limits=[settings.limit],
            storage_uri=settings.limit_store,
            application_limits_exempt_when=lambda: g.scope is None,
            in_memory_fallback_enabled=True,
            strategy="moving-window",
        )
    except (ConfigurationError, ValueError) as error:
        raise ParameterError(
            "limit_store",
            settings.limit_store.split("@")[-1],
            "cannot be used",
            "use memory://, or redis://host:port with the package redis installed",
        ) from error


def _identify() -> None:
    """Find out which scope this request needs, None where anybody may ask, and which key it brought."""
    g.scope, g.key, g.key_id = None, None, None
    if request.endpoint in _OPEN or request.method == "OPTIONS":
        return
    scope = scope_of(current_app.view_functions.get(request.endpoint or ""))
    settings: Settings = current_app.config["FOOTNOTE"]
    if scope == "search" and not settings.demands_keys:
        return
    ring: KeyRing = current_app.extensions["footnote.keys"]
    if scope == "admin" and not settings.demands_keys and _own_machine(settings) and not ring.all():
        return
    g.scope, given = scope, _given_key()
    g.key = ring.find(given) if given else None
    g.key_id = g.key.key_id if g.key else None


def _count_anew() -> None:
    """Where the clock was set, what was counted in memory is of another time; a Redis is left alone."""
    watch: ClockWatch = current_app.extensions["footnote.clock"]
    if not watch.jumped():
        return
    _LOG.warning("the clock of this machine was set; requests are counted anew")
    limiter: Limiter | None = current_app.extensions["footnote.limiter"]
    if limiter is not None and current_app.config["FOOTNOTE"].limit_store.startswith("memory:"):
        limiter.reset()


def _own_machine(settings: Settings) -> bool:
    """Whether a program of this machine asks, as far as can be seen: no proxy, and no page of another site.

    A page may have its own name lead to 127.0.0.1 (DNS rebinding); its requests then name that host.
    """
    if settings.access != "auto" or settings.proxies or any(name in request.headers for name in _FORWARDED):
        return False
    host = _host_of(f"//{request.host}")
    origin = request.headers.get("Origin")
    same = origin is None or urlsplit(origin).netloc == request.host
    return _is_loopback(request.remote_addr) and _is_loopback(host) and same


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _demand() -> None:
    """Raise `KeyMissingError` or `ScopeError` where the request may not be answered."""
    if g.scope is None:
        return
    if g.key is None:
        remedy = "send one as Authorization: Bearer, as X-API-Key, or as the password"
        raise KeyMissingError("the key", "is missing, unknown or revoked", remedy)
    if not g.key.allows(g.scope):
        raise ScopeError(f"key {g.key_id}", f"lacks the scope {g.scope}", "use a key that has it")


def _given_key() -> str | None:
    """The key of this request: bearer, header of its own, or the password that a browser asks for."""
    authorization = request.headers.get("Authorization", "")
    if len(authorization) < 1000 and (sent := request.authorization) is not None:
        if sent.type == "bearer":
            return sent.token
        if sent.type == "basic":
            return sent.password
    return request.headers.get("X-API-Key")


def _who() -> str:
    """Whom a request counts for: its key, else its address (a network of 64 bits in IPv6)."""
    if g.get("key_id"):
        return f"key {g.key_id}"
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "nobody"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _tell_limits(response: Response) -> Response:
    limiter: Limiter | None = current_app.extensions["footnote.limiter"]
    current = limiter.current_limit if limiter is not None else None
    if current is not None:
        response.headers["RateLimit-Limit"] = str(current.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, current.remaining))
        seconds = str(max(1, math.ceil(current.reset_at - time.time())))
        response.headers["RateLimit-Reset"] = seconds
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = seconds
    return response
