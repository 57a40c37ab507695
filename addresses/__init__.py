"""Addresses as settings write them: of databases and of web pages."""
