"""The fewest settings it runs with; the same database server, pool and durability as ours."""

import os
from typing import Any

import environ

SECRET_KEY = "only-for-the-bench"  # signs nothing
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bench.baseline", "channels"]
ASGI_APPLICATION = "bench.baseline.asgi.application"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_database: dict[str, Any] = dict(environ.Env.db_url_config(os.environ["BASELINE_DATABASE_URL"]))
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    _database["CONN_MAX_AGE"] = None
else:
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 16, "timeout": 30}}
DATABASES = {"default": _database}

_redis_url = os.environ.get("BASELINE_REDIS_URL", "")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [_redis_url]}}
    if _redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
