"""What a calendar shows of a meeting: one word that says nothing, and with details what it is about."""

from msgspec import UNSET, UnsetType

from chat.frames.meetings import Purpose

ONE = {"nl": "Afspraak", "fr": "Rendez-vous", "en": "Appointment", "tr": "Randevu", "ar": "موعد"}
ALL = {"nl": "Afspraken", "fr": "Rendez-vous", "en": "Appointments", "tr": "Randevular", "ar": "مواعيد"}
ONLINE = {"nl": "Online", "fr": "En ligne", "en": "Online", "tr": "Çevrimiçi", "ar": "عبر الإنترنت"}

_LANGUAGES = ("nl", "fr", "en", "tr", "ar")
_PURPOSES: dict[Purpose, tuple[str, str, str, str, str]] = {
    "leisure": ("vrije tijd", "loisirs", "free time", "boş zaman", "وقت فراغ"),
    "family": ("familie", "famille", "family", "aile", "عائلة"),
    "neighbourhood": ("buurt", "quartier", "neighbourhood", "mahalle", "الحي"),
    "culture": ("cultuur", "culture", "culture", "kültür", "ثقافة"),
    "sport": ("sport", "sport", "sport", "spor", "رياضة"),
    "learning": ("leren", "apprendre", "learning", "öğrenme", "تعلّم"),
    "health": ("gezondheid", "santé", "health", "sağlık", "صحة"),
    "administration": ("papieren", "papiers", "paperwork", "evrak işleri", "أوراق"),
    "work": ("werk", "travail", "work", "iş", "عمل"),
}


def summary(language: str, purpose: Purpose | UnsetType, *, details: bool) -> str:
    """The one line that a calendar always shows, also to who looks over somebody's shoulder."""
    if not details or purpose is UNSET:
        return ONE[language]
    return f"{ONE[language]}: {_PURPOSES[purpose][_LANGUAGES.index(language)]}"
