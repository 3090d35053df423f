"""The blueprint that every page registers on."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
