"""What this process did, in numbers without people in them."""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("maatje_sockets", "Open sockets and waiting polls of this process.")
DRAFTS = Counter("maatje_drafts_total", "Drafts by what became of them.", ["outcome"])
BATCH = Histogram("maatje_commit_batch_size", "Items a transaction.", ["lane"], buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 400))
COMMIT_SECONDS = Histogram(
    "maatje_commit_seconds", "Seconds a transaction.", ["lane"], buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)
)
CLOSED = Counter("maatje_sockets_closed_total", "Sockets closed by the server, by code.", ["code"])
DROPPED_HINTS = Counter("maatje_relay_dropped_total", "Hints the layer did not take.")
LAYER_IS_HEALTHY = Gauge("maatje_layer_healthy", "1 while our own heartbeat comes back through the layer.")
LAST_SWEEP = Gauge("maatje_last_sweep_timestamp_seconds", "When the last sweep ended.")
