"""The addresses of the simulator's own process: Graph API, phone page, /control/."""

from django.urls import path, re_path

from simulator.control import customers, happenings
from simulator.control import views as control
from simulator.graph import uploads
from simulator.graph.views import graph
from simulator.phone import views as phone

app_name = "simulator"
urlpatterns = [
    # First, because a load test asks for nothing else.
    re_path(r"^(?P<version>v\d+\.\d+)/(?P<path>.+)$", graph),
    path("", phone.page, name="phone"),
    re_path(r"^faults/?$", happenings.page, name="faults"),
    path("phone/changes/", phone.changes, name="changes"),
    path("phone/jump/", phone.jump, name="jump"),
    path("phone/media/<str:media_id>/", phone.media, name="media"),
    path("phone/messages/<int:message_id>/played/", phone.played, name="played"),
    path("phone/<str:wa_id>/say/", phone.say, name="say"),
    path("phone/<str:wa_id>/seen/", phone.seen, name="seen"),
    path("control/", control.state),
    path("control/customers/", customers.everybody),
    path("control/customers/<str:wa_id>/", customers.one),
    path("control/customers/<str:wa_id>/messages/", customers.messages),
    path("control/customers/<str:wa_id>/read/", customers.read),
    path("control/customers/<str:wa_id>/history/", customers.history),
    path("control/customers/<str:wa_id>/number/", customers.number),
    path("control/messages/", control.all_messages),
    path("control/numbers/", control.numbers),
    path("control/jump/", phone.jump),
    path("control/log/", control.the_log),
    path("control/faults/", control.faults),
    path("control/faults/usual/", control.usual),
    path("control/happenings/", happenings.listing),
    path("control/happenings/<str:name>/", happenings.happen),
    path("control/burst/", happenings.many),
    path("control/templates/<str:name>/", happenings.decide),
    path("control/webhooks/", control.webhooks),
    path("control/reset/", control.reset),
    path("whatsapp_business/attachments/", uploads.download),
]
