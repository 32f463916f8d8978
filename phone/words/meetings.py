"""What the screen says of meetings, in every language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeetingWords:
    """`acts` and `states` are by the names that they have on the wire."""

    meeting: str
    acts: dict[str, str]
    states: dict[str, str]
    weekly: str
    two_weekly: str
    online: str
    yes: str
    no: str
    help_on_planning: str
    help: tuple[tuple[str, str], ...]
    problems: dict[str, str]


EN = MeetingWords(
    meeting="meeting",
    acts={
        "propose": "proposal", "accept": "yes", "decline": "no", "counter": "another time", "move": "moved", "cancel": "called off",
        "end": "ended",
    },
    states={"proposed": "asked", "agreed": "agreed", "declined": "not agreed", "cancelled": "does not happen"},
    weekly="every week",
    two_weekly="every two weeks",
    online="online",
    yes="yes",
    no="no",
    help_on_planning="how to plan meetings",
    help=(
        ("/meet 2026-11-25 14:00 90 weekly De Krook", "plan a meeting: when, how many minutes, weekly or 2weekly, where"),
        ("/yes 1 2", "say yes to meeting 1, and to its second time"),
        ("/no 1", "say no to meeting 1; nobody asks why"),
        ("/move 1 2026-11-26 15:00", "ask for another time"),
        ("/cancel 1", "call meeting 1 off"),
    ),
    problems={
        "how_to_plan": "Type it like this: /meet 2026-11-25 14:00 90 weekly De Krook. /help meet shows more.",
        "which_time": "There are several times. Type which one after the number: /yes 1 2 is the second.",
        "meeting_not_found": "There is no meeting with that number here.",
        "meeting_changed": "The meeting was changed meanwhile. Look again, then answer.",
        "meeting_cancelled": "That meeting was called off.",
        "already_agreed": "That meeting is agreed already.",
        "not_yours_to_move": "Only whoever proposed it, or a buddy, can change that.",
        "time_is_past": "That time is over.",
        "time_too_far": "That is too far ahead.",
        "time_does_not_exist": "The clock skips that time: summer time begins. Choose another.",
        "time_is_ambiguous": "The clock shows that time twice: summer time ends. Choose another.",
        "no_such_time": "There is no such time.",
        "no_such_date": "The meeting is not on that day.",
        "bad_duration": "A meeting lasts 5 minutes to a day.",
        "place_too_long": "A place has at most 200 characters.",
        "wrong_number_of_times": "A meeting has one to three different times, and a series one.",
        "too_many_meetings": "50 meetings are planned here already. Cancel one first.",
        "circle_is_ending": "This conversation is about to end; nothing new can be planned.",
    },
)  # fmt: skip

NL = MeetingWords(
    meeting="afspraak",
    acts={
        "propose": "voorstel", "accept": "ja", "decline": "nee", "counter": "ander moment", "move": "verzet", "cancel": "afgezegd",
        "end": "beëindigd",
    },
    states={"proposed": "gevraagd", "agreed": "afgesproken", "declined": "niet afgesproken", "cancelled": "gaat niet door"},
    weekly="elke week",
    two_weekly="om de twee weken",
    online="online",
    yes="ja",
    no="nee",
    help_on_planning="hoe je iets afspreekt",
    help=(
        ("/meet 2026-11-25 14:00 90 weekly De Krook", "stel iets voor: wanneer, hoeveel minuten, weekly (elke week) of 2weekly, waar"),
        ("/yes 1 2", "zeg ja op afspraak 1, en op het tweede moment"),
        ("/no 1", "zeg nee op afspraak 1; niemand vraagt waarom"),
        ("/move 1 2026-11-26 15:00", "vraag een ander moment"),
        ("/cancel 1", "zeg afspraak 1 af"),
    ),
    problems={
        "how_to_plan": "Typ het zo: /meet 2026-11-25 14:00 90 weekly De Krook. /help meet toont meer.",
        "which_time": "Er zijn meerdere momenten. Typ welk achter het nummer: /yes 1 2 is het tweede.",
        "meeting_not_found": "Er is hier geen afspraak met dat nummer.",
        "meeting_changed": "De afspraak is intussen veranderd. Kijk opnieuw en antwoord dan.",
        "meeting_cancelled": "Die afspraak is afgezegd.",
        "already_agreed": "Die afspraak staat al vast.",
        "not_yours_to_move": "Alleen wie het voorstelde, of een buddy, kan dat veranderen.",
        "time_is_past": "Dat moment is voorbij.",
        "time_too_far": "Dat is te ver vooruit.",
        "time_does_not_exist": "De klok slaat dat uur over: het wordt zomertijd. Kies een ander.",
        "time_is_ambiguous": "De klok toont dat uur twee keer: het wordt wintertijd. Kies een ander.",
        "no_such_time": "Dat moment is er niet.",
        "no_such_date": "Op die dag is de afspraak niet.",
        "bad_duration": "Een afspraak duurt 5 minuten tot een dag.",
        "place_too_long": "Een plaats heeft hoogstens 200 tekens.",
        "wrong_number_of_times": "Een afspraak heeft één tot drie verschillende momenten, en een reeks één.",
        "too_many_meetings": "Er zijn hier al 50 afspraken. Zeg er eerst een af.",
        "circle_is_ending": "Dit gesprek loopt af; er kan niets nieuws gepland worden.",
    },
)  # fmt: skip

FR = MeetingWords(
    meeting="rendez-vous",
    acts={
        "propose": "proposition", "accept": "oui", "decline": "non", "counter": "autre moment", "move": "déplacé", "cancel": "annulé",
        "end": "terminé",
    },
    states={"proposed": "demandé", "agreed": "convenu", "declined": "pas convenu", "cancelled": "n’a pas lieu"},
    weekly="chaque semaine",
    two_weekly="toutes les deux semaines",
    online="en ligne",
    yes="oui",
    no="non",
    help_on_planning="comment prendre rendez-vous",
    help=(
        ("/meet 2026-11-25 14:00 90 weekly De Krook", "proposer : quand, combien de minutes, weekly (chaque semaine) ou 2weekly, où"),
        ("/yes 1 2", "dire oui au rendez-vous 1, et au deuxième moment"),
        ("/no 1", "dire non au rendez-vous 1 ; personne ne demande pourquoi"),
        ("/move 1 2026-11-26 15:00", "demander un autre moment"),
        ("/cancel 1", "annuler le rendez-vous 1"),
    ),
    problems={
        "how_to_plan": "Tapez ceci : /meet 2026-11-25 14:00 90 weekly De Krook. /help meet en montre plus.",
        "which_time": "Il y a plusieurs moments. Tapez lequel après le numéro : /yes 1 2 est le deuxième.",
        "meeting_not_found": "Il n’y a pas de rendez-vous avec ce numéro ici.",
        "meeting_changed": "Le rendez-vous a changé entre-temps. Regardez à nouveau, puis répondez.",
        "meeting_cancelled": "Ce rendez-vous est annulé.",
        "already_agreed": "Ce rendez-vous est déjà convenu.",
        "not_yours_to_move": "Seule la personne qui l’a proposé, ou un buddy, peut le changer.",
        "time_is_past": "Ce moment est passé.",
        "time_too_far": "C’est trop loin.",
        "time_does_not_exist": "L’horloge saute cette heure : l’heure d’été commence. Choisissez-en une autre.",
        "time_is_ambiguous": "L’horloge montre cette heure deux fois : l’heure d’été finit. Choisissez-en une autre.",
        "no_such_time": "Ce moment n’existe pas.",
        "no_such_date": "Le rendez-vous n’est pas ce jour-là.",
        "bad_duration": "Un rendez-vous dure de 5 minutes à un jour.",
        "place_too_long": "Un lieu a 200 caractères au plus.",
        "wrong_number_of_times": "Un rendez-vous a d’un à trois moments différents, et une série un seul.",
        "too_many_meetings": "Il y a déjà 50 rendez-vous ici. Annulez-en d’abord un.",
        "circle_is_ending": "Cette conversation va se terminer ; rien de nouveau ne peut être prévu.",
    },
)  # fmt: skip

TR = MeetingWords(
    meeting="buluşma",
    acts={
        "propose": "öneri", "accept": "evet", "decline": "hayır", "counter": "başka zaman", "move": "değiştirildi", "cancel": "iptal",
        "end": "sona erdi",
    },
    states={"proposed": "soruldu", "agreed": "anlaşıldı", "declined": "anlaşılmadı", "cancelled": "olmayacak"},
    weekly="her hafta",
    two_weekly="iki haftada bir",
    online="çevrimiçi",
    yes="evet",
    no="hayır",
    help_on_planning="buluşma nasıl planlanır",
    help=(
        ("/meet 2026-11-25 14:00 90 weekly De Krook", "buluşma öner: ne zaman, kaç dakika, weekly (her hafta) ya da 2weekly, nerede"),
        ("/yes 1 2", "1. buluşmaya, ikinci zamanına evet de"),
        ("/no 1", "1. buluşmaya hayır de; kimse nedenini sormaz"),
        ("/move 1 2026-11-26 15:00", "başka bir zaman iste"),
        ("/cancel 1", "1. buluşmayı iptal et"),
    ),
    problems={
        "how_to_plan": "Şöyle yaz: /meet 2026-11-25 14:00 90 weekly De Krook. /help meet daha fazlasını gösterir.",
        "which_time": "Birden çok zaman var. Numaradan sonra hangisi olduğunu yaz: /yes 1 2 ikincisidir.",
        "meeting_not_found": "Burada bu numarada bir buluşma yok.",
        "meeting_changed": "Buluşma bu arada değişti. Yeniden bak, sonra cevap ver.",
        "meeting_cancelled": "Bu buluşma iptal edildi.",
        "already_agreed": "Bu buluşma zaten kararlaştırıldı.",
        "not_yours_to_move": "Bunu yalnızca öneren kişi ya da bir buddy değiştirebilir.",
        "time_is_past": "Bu zaman geçti.",
        "time_too_far": "Bu çok ileride.",
        "time_does_not_exist": "Saat bu zamanı atlıyor: yaz saati başlıyor. Başkasını seç.",
        "time_is_ambiguous": "Saat bu zamanı iki kez gösteriyor: yaz saati bitiyor. Başkasını seç.",
        "no_such_time": "Böyle bir zaman yok.",
        "no_such_date": "Buluşma o gün değil.",
        "bad_duration": "Bir buluşma 5 dakika ile bir gün arası sürer.",
        "place_too_long": "Yer en çok 200 karakter olabilir.",
        "wrong_number_of_times": "Bir buluşmanın bir ile üç farklı zamanı, bir dizinin tek zamanı olur.",
        "too_many_meetings": "Burada zaten 50 buluşma var. Önce birini iptal et.",
        "circle_is_ending": "Bu sohbet bitmek üzere; yeni bir şey planlanamaz.",
    },
)  # fmt: skip

AR = MeetingWords(
    meeting="موعد",
    acts={
        "propose": "اقتراح", "accept": "نعم", "decline": "لا", "counter": "وقت آخر", "move": "تغيّر الوقت", "cancel": "أُلغي",
        "end": "انتهى",
    },
    states={"proposed": "بانتظار الجواب", "agreed": "متفق عليه", "declined": "غير متفق عليه", "cancelled": "لن يتم"},
    weekly="كل أسبوع",
    two_weekly="كل أسبوعين",
    online="عبر الإنترنت",
    yes="نعم",
    no="لا",
    help_on_planning="كيف تخطط موعدا",
    help=(
        ("/meet 2026-11-25 14:00 90 weekly De Krook", "اقترح موعدا: متى، كم دقيقة، weekly (كل أسبوع) أو 2weekly، أين"),
        ("/yes 1 2", "قل نعم للموعد 1 ولوقته الثاني"),
        ("/no 1", "قل لا للموعد 1؛ لا أحد يسأل لماذا"),
        ("/move 1 2026-11-26 15:00", "اطلب وقتا آخر"),
        ("/cancel 1", "ألغ الموعد 1"),
    ),
    problems={
        "how_to_plan": "اكتبها هكذا: /meet 2026-11-25 14:00 90 weekly De Krook. المزيد في /help meet.",
        "which_time": "هناك أكثر من وقت. اكتب أيها بعد الرقم: /yes 1 2 هو الثاني.",
        "meeting_not_found": "لا يوجد هنا موعد بهذا الرقم.",
        "meeting_changed": "تغيّر الموعد في هذه الأثناء. انظر مرة أخرى ثم أجب.",
        "meeting_cancelled": "أُلغي هذا الموعد.",
        "already_agreed": "هذا الموعد متفق عليه من قبل.",
        "not_yours_to_move": "فقط من اقترحه، أو مرافق، يمكنه تغييره.",
        "time_is_past": "هذا الوقت مضى.",
        "time_too_far": "هذا بعيد جدا.",
        "time_does_not_exist": "الساعة تتخطى هذا الوقت: يبدأ التوقيت الصيفي. اختر وقتا آخر.",
        "time_is_ambiguous": "الساعة تعرض هذا الوقت مرتين: ينتهي التوقيت الصيفي. اختر وقتا آخر.",
        "no_such_time": "لا يوجد وقت كهذا.",
        "no_such_date": "الموعد ليس في ذلك اليوم.",
        "bad_duration": "يستمر الموعد من 5 دقائق إلى يوم.",
        "place_too_long": "المكان 200 حرف على الأكثر.",
        "wrong_number_of_times": "للموعد من وقت إلى ثلاثة أوقات مختلفة، وللسلسلة وقت واحد.",
        "too_many_meetings": "هناك 50 موعدا هنا. ألغ واحدا أولا.",
        "circle_is_ending": "هذه المحادثة على وشك الانتهاء؛ لا يمكن تخطيط شيء جديد.",
    },
)  # fmt: skip
