"""The yardstick: the plain Channels consumer that everybody writes, in a minimal project of its own.

One ORM transaction a message through `database_sync_to_async`, one `group_send` through the same layer, no rules.
"""
