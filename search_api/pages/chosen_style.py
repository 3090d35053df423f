"""The citation style of a page: what the address says, else what was chosen last, else the setting.

The choice is remembered in a cookie that holds the style's name and nothing else. The browser's own
storage was rejected: a page would come in one style and change to another while it is being read.
"""

from flask import request
from werkzeug.wrappers import Response

from corpus.errors import UnknownStyleError
from search_api.api import style_or_default
from search_api.citations import style_name

COOKIE = "style"
_YEAR = 365 * 24 * 3600


def chosen_style(given: str | None) -> str:
    """The CSL style for this page; raises `UnknownStyleError` where the address names none that is."""
    if given:
        return style_or_default(given)
    try:
        return style_or_default(request.cookies.get(COOKIE) or None)
    except UnknownStyleError:
        return style_or_default(None)


def remembering(response: Response, given: str | None) -> Response:
    """The response, which asks the browser to remember a style that the address gave."""
    response.headers["Vary"] = "Cookie"
    if given and response.status_code == 200 and style_name(given):
        response.set_cookie(COOKIE, given, max_age=_YEAR, httponly=True, samesite="Lax")
    return response
