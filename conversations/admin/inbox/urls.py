"""The addresses of the inbox under the page of threads."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from conversations.admin.inbox import (
    acts,
    at_once,
    attaching,
    composing,
    contact_panel,
    label_menu,
    live,
    media,
    mentions,
    merge_dialog,
    noting,
    reacting,
    starting,
    team,
    template_dialog,
    views,
)
from conversations.admin.inbox.access import View, door


def inbox_urls(site: AdminSite) -> list[URLPattern]:
    """Every view of the inbox behind the door of this admin site."""

    def at(route: str, view: View, name: str = "") -> URLPattern:
        full_name = f"conversations_thread_inbox{name}"
        return path(f"inbox/{route}", door(view, site), name=full_name)

    return [
        at("", views.inbox),
        at("list/", views.thread_list, "_list"),
        at("new/", starting.new, "_new"),
        at("bulk/", at_once.act, "_bulk"),
        at("bulk/menu/", at_once.menu, "_bulk_menu"),
        at("labels/", label_menu.menu, "_labels"),
        at("changes/", live.changes_since, "_changes"),
        at("named/", mentions.bar, "_named"),
        at("people/", noting.people, "_people"),
        at("media/<int:pk>/", media.show, "_media"),
        at("<int:pk>/", views.thread, "_thread"),
        at("<int:pk>/older/", views.older, "_older"),
        at("<int:pk>/panel/", contact_panel.panel, "_panel"),
        at("<int:pk>/panel/label/", contact_panel.label, "_label"),
        at("<int:pk>/panel/edit/", contact_panel.edit, "_edit"),
        at("<int:pk>/panel/consent/", contact_panel.change_consent, "_consent"),
        at("<int:pk>/panel/block/", contact_panel.block, "_block"),
        at("<int:pk>/merge/", merge_dialog.dialog, "_merge"),
        at("<int:pk>/send/", composing.send, "_send"),
        at("<int:pk>/attach/", attaching.attach, "_attach"),
        at("<int:pk>/react/", reacting.react, "_react"),
        at("<int:pk>/draft/", composing.draft, "_draft"),
        at("<int:pk>/note/draft/", noting.draft, "_note_draft"),
        at("<int:pk>/canned/", composing.canned_replies, "_canned"),
        at("<int:pk>/read/", acts.read, "_read"),
        at("<int:pk>/mode/", acts.mode, "_mode"),
        at("<int:pk>/menu/", team.menu, "_menu"),
        at("<int:pk>/assign/", team.assign, "_assign"),
        at("<int:pk>/snooze/", team.snooze, "_snooze"),
        at("<int:pk>/wake/", team.wake, "_wake"),
        at("<int:pk>/left/", team.left, "_left"),
        at("<int:pk>/again/", acts.again, "_again"),
        at("<int:pk>/arrived/", acts.arrived, "_arrived"),
        at("<int:pk>/note/", noting.add, "_note"),
        at("<int:pk>/note/seen/", noting.seen, "_note_seen"),
        at("<int:pk>/template/", template_dialog.dialog, "_template"),
        at("<int:pk>/template/sync/", template_dialog.sync, "_template_sync"),
    ]
