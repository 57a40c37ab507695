"""Mails to owners of accounts: links that set a new password, and news of one that was set."""

from accounts.mail.sender import Sender

__all__ = ["Sender"]
