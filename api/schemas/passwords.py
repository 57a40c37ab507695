"""Forgotten passwords."""

from pydantic import BaseModel, Field

from api.schemas.fields import Text, Wish
from i18n.language import Language


class Forgotten(Wish):
    """The email of an account; `language` is the mail's, if the account has none."""

    email: Text = Field(max_length=1000, examples=["jane@example.org"])
    language: Language = "en"


class LinkRequested(BaseModel):
    """A link is sent if there is an account; `can_send` is false while mails can't be sent.

    They are tried again for a day.
    """

    can_send: bool


class NewPassword(Wish):
    """The token at the end of the link, and the new password."""

    token: Text = Field(max_length=1000, examples=["hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"])
    new: Text = Field(max_length=1000, examples=["a fine long sentence"])
