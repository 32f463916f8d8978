"""What a browser keeps of a page: the files in the care of its service worker, and what the page itself put away."""

import time
from typing import Any

from playwright.sync_api import Page

_KEPT = """caches.keys().then(async shelves => (await Promise.all(
    shelves.map(async shelf => (await (await caches.open(shelf)).keys()).map(file => file.url)))).flat())"""
_PUT_AWAY = """async () => {
    const answer = request => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = failed; });
    const stores = {browser: [{...localStorage}, {...sessionStorage}, document.cookie, document.title, location.href]};
    for (const {name} of await indexedDB.databases()) {
        const database = await answer(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            const rows = database.transaction(store).objectStore(store);
            stores[store] = [...await answer(rows.getAllKeys()), ...await answer(rows.getAll())];
        }
        database.close();
    }
    return stores;
}"""
_TYPED = """async words => {
    const answer = request => new Promise(done => request.onsuccess = () => done(request.result));
    const database = await answer(indexedDB.open("maatje"));
    while (!(await answer(database.transaction("kept").objectStore("kept").getAll())).includes(words)) await new Promise(requestAnimationFrame);
    database.close();
}"""
_IS_GUARDED = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"


def wait_until_kept(page: Page, *names: str) -> None:
    """Until the worker looks after this page and has these files."""
    kept: list[str] = []
    for _ in range(300):
        kept = page.evaluate(_KEPT)
        if page.evaluate(_IS_GUARDED) and all(any(f"/w/{name}?" in url for url in kept) for name in names):
            return
        time.sleep(0.1)
    raise AssertionError(f"{names} are not all in {kept}")


def put_away(page: Page) -> dict[str, list[Any]]:
    """All that this browser holds besides the files, by store; what is in no database is under `browser`."""
    stores: dict[str, list[Any]] = page.evaluate(_PUT_AWAY)
    return stores


def wait_until_typed(page: Page, words: str) -> None:
    """Until the phone has kept what stands in its box."""
    page.evaluate(_TYPED, words)
