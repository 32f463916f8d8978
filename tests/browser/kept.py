"""What the service worker of a page keeps."""

import time

from playwright.sync_api import Page

_KEPT = """caches.keys().then(async shelves => (await Promise.all(
    shelves.map(async shelf => (await (await caches.open(shelf)).keys()).map(file => file.url)))).flat())"""
_IS_GUARDED = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"


def wait_until_kept(page: Page, *names: str) -> None:
    """Until the worker looks after this page and has these files."""
    kept: list[str] = []
    for _ in range(100):
        kept = page.evaluate(_KEPT)
        if page.evaluate(_IS_GUARDED) and all(any(f"/w/{name}?" in url for url in kept) for name in names):
            return
        time.sleep(0.1)
    raise AssertionError(f"{names} are not all in {kept}")
