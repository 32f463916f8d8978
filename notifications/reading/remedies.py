"""What an operator does about each code that a channel gives, in one sentence."""

EXACT = {
    "no_access": "Google does not take the service account: check the file in MAATJE_FCM_CREDENTIALS and this machine's clock.",
    "third_party_auth_error": "Put Apple's key (APNs) into the Firebase console again; it is missing or has run out.",
    "unauthenticated": "Google does not take the service account any more: make a new key and set MAATJE_FCM_CREDENTIALS.",
    "permission_denied": "Give the service account the role that sends messages (Firebase Cloud Messaging API Admin) in its project.",
    "sender_id_mismatch": "A phone has an app of another Firebase project: does MAATJE_FCM_CREDENTIALS belong to your app?",
    "invalid_argument": "Firebase refuses what we send. This is a bug of ours: report it.",
    "bad_certificate": "The other side's certificate is not valid: call them, or check the address in the settings.",
    "unreachable": "Nobody answers there: check the address in the settings, the network, and the firewall of this machine.",
    "timeout": "The other side is slow; nothing to do unless it stays so.",
    "channel_broke": "A bug of ours: report the lines around `channel_broke` in the log.",
    "unforeseen": "A bug of ours: report the lines around `channel_broke` in the log.",
    "http_401": "The key is not taken: check MAATJE_SMS_HEADERS, or MAATJE_VAPID_SUBJECT for browsers.",
    "http_402": "There is no credit left at the SMS gateway: pay.",
    "http_403": "The key is not taken: check MAATJE_SMS_HEADERS, or MAATJE_VAPID_SUBJECT for browsers.",
    "http_404": "The address in MAATJE_SMS_URL is not the gateway's.",
    "http_429": "The other side wants fewer; we wait as long as it says.",
    "smpp_bind_failed": "The SMS centre does not let us in: check MAATJE_SMPP_URL.",
    "smpp_bad_password": "The SMS centre does not let us in: check the password in MAATJE_SMPP_URL.",
    "smpp_bad_system_id": "The SMS centre does not know us: check the system id in MAATJE_SMPP_URL.",
    "smpp_bad_sender": "The SMS centre does not allow this sender: check MAATJE_SMPP_SENDER.",
}
BEGINNINGS = {
    "vapid": "A push service does not take our signature: check MAATJE_VAPID_SUBJECT and this machine's clock.",
    "smtp_auth": "The mail server does not let us in: check the user and the password in EMAIL_URL.",
    "smtp": "The mail server refuses: check EMAIL_URL and DEFAULT_FROM_EMAIL, and that it may send for that address.",
    "mail": "The mail provider refuses: check EMAIL_URL or MAATJE_ANYMAIL_SETTINGS, and DEFAULT_FROM_EMAIL.",
    "smpp": "The SMS centre refuses: read what its manual says of this code, and check MAATJE_SMPP_URL.",
    "http": "The other side refuses: read what its manual says of this status, and check its settings here.",
}
OTHERWISE = "Read the log around `notices_need_you`; report it when it is not clear."


def remedy(code: str) -> str:
    """One sentence about any code."""
    if code in EXACT:
        return EXACT[code]
    return next((text for beginning, text in BEGINNINGS.items() if code.startswith(beginning)), OTHERWISE)
