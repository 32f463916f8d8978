"""The addresses of the console, below /console/."""

from django.urls import path

from console import serving
from console.views import acts, agreeing, case, deciding, home, queue, welfare

app_name = "console"

urlpatterns = [
    path("", home.home, name="home"),
    path("keys/", home.keys, name="keys"),
    path("debrief/", welfare.debrief, name="debrief"),
    path("debrief/<uuid:person_id>/", welfare.seen_to, name="seen_to"),
    path("own/<str:tag>/<str:name>", serving.file, name="file"),
    path("cases/", queue.queue, name="queue"),
    path("cases/<uuid:case_id>/", case.case, name="case"),
    path("cases/<uuid:case_id>/fresh/<int:version>/", case.fresh, name="fresh"),
    path("cases/<uuid:case_id>/who/", case.who, name="who"),
    path("cases/<uuid:case_id>/triage/", acts.triage, name="triage"),
    path("cases/<uuid:case_id>/claim/", acts.claim, name="claim"),
    path("cases/<uuid:case_id>/renew/", acts.renew, name="renew"),
    path("cases/<uuid:case_id>/release/", acts.release, name="release"),
    path("cases/<uuid:case_id>/note/", acts.note, name="note"),
    path("cases/<uuid:case_id>/escalate/", acts.escalate, name="escalate"),
    path("cases/<uuid:case_id>/hand-over/", acts.hand_over, name="hand_over"),
    path("cases/<uuid:case_id>/hide/", acts.hide, name="hide"),
    path("cases/<uuid:case_id>/widen/", acts.widen, name="widen"),
    path("cases/<uuid:case_id>/hold/", acts.hold, name="hold"),
    path("cases/<uuid:case_id>/decide/", deciding.decide, name="decide"),
    path("cases/<uuid:case_id>/close/", acts.close, name="close"),
    path("decisions/<uuid:row_id>/agree/", agreeing.agree, name="agree"),
    path("decisions/<uuid:row_id>/refuse/", agreeing.disagree, name="disagree"),
    path("decisions/<uuid:row_id>/lift/", agreeing.lift, name="lift"),
    path("widenings/<uuid:row_id>/agree/", agreeing.widen_agree, name="widen_agree"),
    path("widenings/<uuid:row_id>/refuse/", agreeing.widen_disagree, name="widen_disagree"),
]
