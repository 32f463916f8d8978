"""Notices on a phone: pushes as they come from a push service, what then stands on the screen, and a subscription without Google."""

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, CDPSession

from tests.browser.phones import Phone, Scheme

# The only things that are not real: no push service is asked for a subscription, and nobody is there to press "allow".
_SUBSCRIBED = """(([point, may]) => {
    const kept = () => sessionStorage.subscription ? made(JSON.parse(sessionStorage.subscription)) : null;
    const made = ({endpoint, key}) => ({
        endpoint,
        options: {applicationServerKey: Uint8Array.from(key).buffer},
        toJSON: () => ({endpoint, expirationTime: null, keys: {p256dh: point, auth: "AAAAAAAAAAAAAAAAAAAAAA"}}),
        unsubscribe: async () => { delete sessionStorage.subscription; return true; },
    });
    PushManager.prototype.getSubscription = async () => kept();
    PushManager.prototype.subscribe = async ({userVisibleOnly, applicationServerKey}) => {
        if (!userVisibleOnly) throw new Error("browsers allow no unseen notices");
        const endpoint = "https://fcm.googleapis.com/fcm/send/" + Math.random().toString(36).slice(2);
        sessionStorage.subscription = JSON.stringify({endpoint, key: [...applicationServerKey]});
        return kept();
    };
    window.asked = 0;
    Object.defineProperty(Notification, "permission", {get: () => sessionStorage.allowed || "default"});
    Notification.requestPermission = async () => { asked++; return sessionStorage.allowed = may; };
})"""
PATIENCE = 30.0  # seconds; a worker that was put to sleep may take its time
_SHOWN = """navigator.serviceWorker.ready.then(worker => worker.getNotifications())
    .then(all => all.map(({title, tag, body, icon}) => ({title, tag, body, icon: icon.replace(location.origin, "")})))"""
_CLOSED = "navigator.serviceWorker.ready.then(worker => worker.getNotifications()).then(all => all.forEach(one => one.close()))"


def a_point() -> str:
    """The public half of a key that a browser could have made."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return urlsafe_b64encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).rstrip(b"=").decode()


class RingingPhone(Phone):
    """A phone that may show notices, and to which they can be sent."""

    def __init__(
        self, browser: Browser, url: str, *, scheme: Scheme = "light", locale: str = "nl-BE", size: Any = None, says: str = "granted"
    ) -> None:
        given = {"size": size} if size else {}
        super().__init__(browser, url, scheme=scheme, locale=locale, **given)
        self.context.grant_permissions(["notifications"], origin=url)
        self.context.add_init_script(f"{_SUBSCRIBED}({json.dumps([a_point(), says])})")
        self._line: CDPSession | None = None
        self._registration = ""

    def listens(self) -> "RingingPhone":
        """From now on pushes reach the service worker of the page."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        found: list[str] = []
        self._line = self.instruments()
        self._line.on(
            "ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(one["registrationId"] for one in said["registrations"])
        )
        self._line.send("ServiceWorker.enable")
        while not found:
            self.page.wait_for_timeout(20)
        self._registration = found[-1]
        return self

    def push(self, said: str | dict[str, str]) -> None:
        """As the push service does it."""
        assert self._line is not None
        data = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        self._line.send("ServiceWorker.deliverPushMessage", {"origin": self.url, "registrationId": self._registration, "data": data})

    def shown(self) -> list[dict[str, str]]:
        """The notices on the screen."""
        return list(self.page.evaluate(_SHOWN))

    def shows(self, *wanted: tuple[str, str]) -> list[dict[str, str]]:
        """The notices, once they are these and no others: tag and title."""
        end = time.monotonic() + PATIENCE
        while True:
            shown = self.shown()
            if sorted((one["tag"], one["title"]) for one in shown) == sorted(wanted):
                return shown
            assert time.monotonic() < end, shown
            self.page.wait_for_timeout(20)

    def swipes_away(self) -> None:
        self.page.evaluate(_CLOSED)
        self.shows()

    def taps_the_notice(self) -> list[str]:
        """What the service worker does when somebody taps the first one."""
        (worker,) = self.context.service_workers
        done: list[str] = worker.evaluate("""async () => {
            const [notification] = await registration.getNotifications(), did = [];
            const event = new NotificationEvent('notificationclick', {notification});
            clients.openWindow = async address => did.push('open ' + address);
            WindowClient.prototype.focus = async function () { did.push('focus ' + new URL(this.url).pathname); };
            let work;
            event.waitUntil = said => work = said;
            dispatchEvent(event);
            await work;
            return did;
        }""")
        return done
