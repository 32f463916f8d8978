"""What happened to a case, from the codes of the audit log."""

from collections.abc import Mapping
from typing import Any

from moderation.words import DecisionKind, Priority

_HAPPENED = {
    "opened": "Dossier geopend",
    "flagged": "Gemeld",
    "signalled": "Iets opgemerkt door de screening",
    "triaged": "Dringendheid bepaald: {priority}",
    "claimed": "Genomen",
    "renewed": "Langer genomen",
    "released": "Teruggelegd",
    "lapsed": "De tijd was om; teruggelegd",
    "handed_over": "Aan een collega gegeven",
    "escalated": "Naar een leidinggevende",
    "noted": "Nota geschreven",
    "read": "Gelezen: {lines} regels",
    "letter_read": "Brief voorgelezen door wie voor de kring instaat",
    "recused": "Een collega kent deze mensen en staat opzij",
    "media_read": "Foto of spraakbericht bekeken",
    "held": "Een bericht wacht tot iemand keek",
    "let_through": "Wachtende berichten doorgelaten: {messages}",
    "gathered": "Nog eens gemeld of opgemerkt",
    "flaggers_seen": "Bekeken wie meldde",
    "hidden_for_now": "Bericht voorlopig verborgen",
    "restored": "Bericht hersteld",
    "widening_asked": "Gevraagd om meer te lezen: {lines} regels aan elke kant",
    "widened": "Meer te lezen: {around} regels aan elke kant",
    "widening_refused": "Meer lezen geweigerd",
    "decided": "Beslist: {kind}",
    "proposed": "Voorgesteld: {kind}; een tweede persoon beslist mee",
    "proposal_refused": "Voorstel geweigerd of ingetrokken",
    "ended": "Maatregel opgeheven",
    "suspended_at_once": "Toegang meteen stopgezet door een coördinator",
    "notified": "Meegedeeld",
    "appealed": "In beroep",
    "upheld": "Na beroep: de beslissing blijft",
    "overturned": "Na beroep: de beslissing is herzien",
    "closed": "Gesloten",
    "reopened": "Heropend",
    "called": "Wie van dienst is opgeroepen",
    "handed_up": "Niet op tijd: hogerop opgeroepen",
    "evidence_held": "Woorden langer bewaard",
    "evidence_let_go": "Woorden niet langer bewaard dan gewoon",
    "evidence_erased": "Woorden gewist",
}


def happened(action: str, detail: Mapping[str, Any]) -> str:
    """A short line; an action that is new here still shows its code."""
    told = _HAPPENED.get(action, action)
    shown = {name: _in_words(name, value) for name, value in detail.items()}
    try:
        return told.format_map(shown)
    except KeyError:
        return told.partition(":")[0]


def _in_words(name: str, value: Any) -> str:
    if name == "priority" and value in Priority.values:
        return str(Priority(value).label)
    if name == "kind" and value in DecisionKind.values:
        return str(DecisionKind(value).label)
    return str(value)
