"""What the screen says of safety, in five languages."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from phone.happenings import Letters, Needed, Receipt
from phone.printable import on_one_line


@dataclass(frozen=True, slots=True)
class SafetyWords:
    report: str
    removed: str
    kept_here: str
    flag_kept: str  # {}
    ask_kept: str  # {} {}
    ask_taken: str  # {}
    nobody_there: str
    letters: str
    need_crisis: str
    need_talk: str
    numbers: str
    machine: str
    reasons: tuple[str, ...]
    urgencies: tuple[str, ...]

    def told(self, happening: Receipt | Letters | Needed, zone: ZoneInfo) -> str:
        """What happened, in a line."""
        match happening:
            case Letters(unread):
                return f"-- {self.letters}" if unread else ""
            case Needed(about):
                return f"-- {self.need_crisis if about == 'crisis' else self.need_talk} {self.numbers}. {self.machine}"
            case Receipt(is_flag, answer_by, name, on_duty):
                local = answer_by.astimezone(zone)
                when = f"{local.day}/{local.month} {local:%H:%M}"
                kept = (
                    self.flag_kept.format(when)
                    if is_flag
                    else self.ask_kept.format(on_one_line(name), when)
                    if name
                    else self.ask_taken.format(when)
                )
                return f"-- {kept}" if on_duty else f"-- {kept} {self.nobody_there}"


NL = SafetyWords(
    report="Meld dit",
    removed="Verborgen door de moderatoren",
    kept_here="Bewaard. Het gaat weg zodra er internet is.",
    flag_kept="We hebben je melding. Iemand kijkt vóór {}. Je contact blijft, en niemand hier hoort dat jij het was.",
    ask_kept="{} heeft je vraag en antwoordt vóór {}.",
    ask_taken="We hebben je vraag. Iemand antwoordt vóór {}.",
    nobody_there="Nu is er niemand. Is het dringend? Druk op Hulp.",
    letters="Er is een brief voor je. Lees hem op de webpagina, onder Brieven.",
    need_crisis="Dit klinkt zwaar. Je bent niet alleen. Je kan nu met iemand praten:",
    need_talk="Wil je hierover met iemand praten?",
    numbers="112 · 106 · 1813",
    machine="Een computer zag je woorden. Die beslist niets. Misschien kijkt een mens mee.",
    reasons=(
        "Bedreiging of geweld",
        "Pesten of beledigen",
        "Haat of discriminatie",
        "Seksueel",
        "Geld of bedrog",
        "Ik ben bezorgd, of iets anders",
    ),
    urgencies=("Vandaag", "Binnen twee werkdagen", "Bij ons volgende contact"),
)
FR = SafetyWords(
    report="Signaler",
    removed="Caché par les modérateurs",
    kept_here="Gardé. Cela part dès qu’il y a internet.",
    flag_kept="Nous avons ton message. Quelqu’un regarde avant {}. Ton contact reste. Personne ici ne saura que c’est toi.",
    ask_kept="{} a ta question et répond avant {}.",
    ask_taken="Nous avons ta question. Quelqu’un répond avant {}.",
    nobody_there="Il n’y a personne maintenant. C’est urgent ? Appuie sur Aide.",
    letters="Il y a une lettre pour toi. Lis-la sur la page web, sous Lettres.",
    need_crisis="Cela semble dur. Tu n’es pas seul. Tu peux parler à quelqu’un maintenant :",
    need_talk="Veux-tu en parler à quelqu’un ?",
    numbers="112 · 107 · 0800 32 123",
    machine="Un ordinateur a vu tes mots. Il ne décide rien. Une personne regardera peut-être.",
    reasons=(
        "Menace ou violence",
        "Harcèlement ou insultes",
        "Haine ou discrimination",
        "Sexuel",
        "Argent ou arnaque",
        "Je suis inquiet, ou autre chose",
    ),
    urgencies=("Aujourd’hui", "En deux jours de travail", "À notre prochain contact"),
)
EN = SafetyWords(
    report="Report this",
    removed="Hidden by the moderators",
    kept_here="Kept. It goes out as soon as there is internet.",
    flag_kept="We have your report. Somebody looks before {}. Your contact stays, and nobody here learns that it was you.",
    ask_kept="{} has your question and answers before {}.",
    ask_taken="We have your question. Somebody answers before {}.",
    nobody_there="Nobody is there now. Is it urgent? Press Help.",
    letters="There is a letter for you. Read it on the web page, under Letters.",
    need_crisis="This sounds hard. You are not alone. You can talk to somebody now:",
    need_talk="Do you want to talk to somebody about this?",
    numbers="112 · 106 / 107 · 1813",
    machine="A computer saw your words. It decides nothing. Perhaps a person looks too.",
    reasons=(
        "Threat or violence",
        "Bullying or insults",
        "Hate or discrimination",
        "Sexual",
        "Money or a scam",
        "I worry, or something else",
    ),
    urgencies=("Today", "Within two working days", "At our next contact"),
)
TR = SafetyWords(
    report="Bunu bildir",
    removed="Moderatörler gizledi",
    kept_here="Saklandı. İnternet olunca gider.",
    flag_kept="Bildirimin bizde. {} öncesinde biri bakacak. İletişimin sürer ve burada kimse senin bildirdiğini öğrenmez.",
    ask_kept="Soruyu {} aldı; {} öncesinde cevap verir.",
    ask_taken="Soru bizde. {} öncesinde biri cevap verir.",
    nobody_there="Şu an kimse yok. Acil mi? Yardım’a bas.",
    letters="Sana bir mektup var. Web sayfasında Mektuplar altında oku.",
    need_crisis="Bu zor görünüyor. Yalnız değilsin. Şimdi biriyle konuşabilirsin:",
    need_talk="Bunu biriyle konuşmak ister misin?",
    numbers="112 · 106 / 107 · 1813",
    machine="Bir bilgisayar sözlerini gördü. Hiçbir şeye karar vermez. Belki bir insan da bakar.",
    reasons=(
        "Tehdit ya da şiddet",
        "Zorbalık ya da hakaret",
        "Nefret ya da ayrımcılık",
        "Cinsel",
        "Para ya da dolandırıcılık",
        "Endişeliyim ya da başka bir şey",
    ),
    urgencies=("Bugün", "İki iş günü içinde", "Bir sonraki görüşmede"),
)
AR = SafetyWords(
    report="بلّغ عن هذا",
    removed="أخفاها المشرفون",
    kept_here="محفوظ. يُرسل حين يتوفر الإنترنت.",
    flag_kept="وصلنا بلاغك. سينظر فيه أحد قبل {}. يبقى تواصلك، ولن يعرف أحد هنا أنك أنت من بلّغ.",
    ask_kept="سؤالك عند {} والجواب قبل {}.",
    ask_taken="وصلنا سؤالك. سيجيب أحد قبل {}.",
    nobody_there="لا يوجد أحد الآن. هل الأمر عاجل؟ اضغط على مساعدة.",
    letters="لديك رسالة من المنظمة. اقرأها في صفحة الويب تحت «رسائل المنظمة».",
    need_crisis="يبدو هذا صعباً. لست وحدك. يمكنك التحدث مع أحد الآن:",
    need_talk="هل تريد التحدث مع أحد عن هذا؟",
    numbers="112 · 106 / 107 · 1813",
    machine="رأى حاسوب كلماتك. هو لا يقرر شيئاً. ربما ينظر إنسان أيضاً.",
    reasons=("تهديد أو عنف", "تنمر أو إهانة", "كراهية أو تمييز", "أمر جنسي", "مال أو احتيال", "أنا قلق، أو شيء آخر"),
    urgencies=("اليوم", "خلال يومي عمل", "في لقائنا القادم"),
)
