"""Where notices are below /api/v1/."""

from django.urls import path

from notifications.views.notices import Addresses, Confirmation, Notices, OneAddress, RecentNotices

urlpatterns = [
    path("notices", Notices.as_view(), name="notices"),
    path("notices/recent", RecentNotices.as_view(), name="recent_notices"),
    path("notices/addresses", Addresses.as_view(), name="addresses"),
    path("notices/addresses/<uuid:address_id>", OneAddress.as_view(), name="address"),
    path("notices/addresses/<uuid:address_id>/confirm", Confirmation.as_view(), name="address_confirm"),
]
