"""The two pages that need no sign-in: the front door, and where an invitation's QR code leads."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core.errors import NotFound

# What the front door and the invitation say, in the five languages of the people who stand before it.
WORDS = [
    {
        "language": "nl",
        "direction": "ltr",
        "welcome": "Praten met je maatje",
        "invited": "Je bent uitgenodigd",
        "code": "Dit is je code. Hou ze voor jezelf: ze werkt één keer.",
        "help": "Lukt het niet? Je coördinator helpt je.",
        "danger": "Gevaar? Bel 112. Praten? Bel 106 (Tele-Onthaal).",
    },
    {
        "language": "fr",
        "direction": "ltr",
        "welcome": "Parler avec son buddy",
        "invited": "Vous êtes invité·e",
        "code": "Voici votre code. Gardez-le pour vous : il marche une seule fois.",
        "help": "Ça ne va pas ? Votre coordinateur vous aide.",
        "danger": "En danger ? Appelez le 112. Besoin de parler ? Le 107 (Télé-Accueil).",
    },
    {
        "language": "en",
        "direction": "ltr",
        "welcome": "Talk with your buddy",
        "invited": "You are invited",
        "code": "This is your code. Keep it to yourself: it works once.",
        "help": "Does it not work? Your coordinator helps you.",
        "danger": "In danger? Call 112. Need to talk? Call 106 (Tele-Onthaal).",
    },
    {
        "language": "tr",
        "direction": "ltr",
        "welcome": "Arkadaşınla konuş",
        "invited": "Davetlisin",
        "code": "Bu senin kodun. Kimseye verme: bir kez çalışır.",
        "help": "Olmuyor mu? Koordinatörün sana yardım eder.",
        "danger": "Tehlikede misin? 112'yi ara. Konuşmak ister misin? 106'yı ara.",
    },
    {
        "language": "ar",
        "direction": "rtl",
        "welcome": "تحدّث مع رفيقك",
        "invited": "أنت مدعوّ",
        "code": "هذا رمزك. لا تعطه لأحد: يعمل مرة واحدة فقط.",
        "help": "لم ينجح الأمر؟ منسّقك يساعدك.",
        "danger": "في خطر؟ اتصل بالرقم 112. تريد أن تتحدث؟ اتصل بالرقم 106.",
    },
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, and for builders and staff where to go."""
    return render(request, "maatje/home.html", {"words": WORDS})


@require_safe
def invite(request: HttpRequest) -> HttpResponse:
    """Where an invitation leads. The code stands behind the # of the address, which no browser sends to a server."""
    return render(request, "maatje/invite.html", {"words": WORDS})


@csrf_exempt  # it changes nothing, and a device must get its answer
def nothing_here(request: HttpRequest, rest: str) -> JsonResponse:
    """An address below /api/v1/ that nobody has, in the shape that every client reads."""
    return JsonResponse(NotFound().as_dict(), status=404, headers={"Cache-Control": "no-store"})
