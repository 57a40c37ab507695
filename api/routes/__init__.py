"""The handles, by what they are about."""
