"""The addresses of the console, below /console/."""

from django.urls import path

from console import serving
from console.views import acts, agreeing, auditing, case, circles, deciding, home, queue, roster, welfare, workload

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
    path("cases/<uuid:case_id>/let-through/", deciding.let_through, name="let_through"),
    path("cases/<uuid:case_id>/close/", acts.close, name="close"),
    path("decisions/<uuid:row_id>/agree/", agreeing.agree, name="agree"),
    path("decisions/<uuid:row_id>/refuse/", agreeing.disagree, name="disagree"),
    path("decisions/<uuid:row_id>/lift/", agreeing.lift, name="lift"),
    path("widenings/<uuid:row_id>/agree/", agreeing.widen_agree, name="widen_agree"),
    path("widenings/<uuid:row_id>/refuse/", agreeing.widen_disagree, name="widen_disagree"),
    path("circles/", circles.circles, name="circles"),
    path("escalations/<uuid:escalation_id>/", circles.escalation, name="escalation"),
    path("escalations/<uuid:escalation_id>/acknowledge/", circles.acknowledge, name="acknowledge"),
    path("escalations/<uuid:escalation_id>/close/", circles.close, name="close_escalation"),
    path("roster/", roster.roster, name="roster"),
    path("roster/shifts/", roster.add_shift, name="add_shift"),
    path("roster/shifts/<uuid:shift_id>/remove/", roster.remove_shift, name="remove_shift"),
    path("roster/absences/", roster.be_away, name="be_away"),
    path("roster/absences/<uuid:absence_id>/remove/", roster.come_back, name="come_back"),
    path("workload/", workload.workload, name="workload"),
    path("audit/", auditing.audit, name="audit"),
    path("audit/verify/", auditing.verify, name="verify"),
]
