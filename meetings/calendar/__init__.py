"""Meetings as calendars read them (RFC 5545, 5546): a feed, a file, an invitation by mail. Pure."""
