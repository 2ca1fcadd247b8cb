"""The square's pages: plain HTML and forms that work without a script; one small script keeps them live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.square import threads
from adapters.square.api import PREFIX, address
from adapters.square.model import MAX_TEXT, BadPost, PostGone, post_number

if TYPE_CHECKING:
    from adapters.square.model import Post
    from adapters.square.site import Site

_HERE = Path(__file__).parent
_PAGE = 20
_TITLES = {403: "That is not allowed", 404: "Nothing here", 410: "It was deleted", 413: "That is too much"}


@dataclass(frozen=True)
class Kept:
    """What somebody wrote that could not be taken, and why: the form it came from shows it again."""

    error: str
    action: str
    text: str
    target: str | None = None
    handle: str = ""
    name: str = ""


_NOTHING = Kept(error="", action="", text="")


class Pages:
    """The half of the square that people see."""

    def __init__(self, site: Site) -> None:
        """Templates are read once, from beside this file."""
        self._site = site
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        cast("dict[str, Any]", self._templates.filters).update(
            tagged=threads.tagged,
            excerpt=threads.excerpt,
            initial=threads.initial,
            hue=threads.hue,
            placed=threads.in_reading_order,
            version=threads.version,
            quoted=quote,
        )
        cast("dict[str, Any]", self._templates.globals).update(
            prefix=PREFIX, company=site.company, max_text=MAX_TEXT
        )

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes, without the prefix the door adds."""
        return [
            web.get("", self.timeline),
            web.get("/", self.timeline),
            web.get("/pulse", self.pulse),
            web.get("/posts/{id}", self.thread),
            web.get("/@{handle}", self.profile),
            web.post("/posts", self.write),
            web.post("/@{handle}/messages", self.message),
            web.post("/posts/{id}/edit", self.edit),
            web.post("/posts/{id}/delete", self.delete),
            web.get("/static/{name:square\\.(?:css|js)}", self.static),
        ]

    async def timeline(self, request: web.Request) -> web.Response:
        """Show the newest threads, or with `?before=` the ones before those."""
        return await self._timeline(before=request.query.get("before"))

    async def thread(self, request: web.Request) -> web.Response:
        """Show one thread, with the post that was asked for marked in it."""
        return await self._thread(request.match_info["id"])

    async def profile(self, request: web.Request) -> web.Response:
        """Show one account and what it wrote."""
        handle = request.match_info["handle"]
        return await self._profile(handle)

    async def message(self, request: web.Request) -> web.Response:
        """Take what somebody writes to the company in private."""
        form = await _form(request)
        handle, text = request.match_info["handle"], form.get("text", "")
        account = await self._site.run(self._site.account, handle)
        try:
            post = await self._site.run(self._site.message, account.handle, text)
        except BadPost as error:
            return await self._profile(handle, kept=Kept(str(error), "message", text))
        raise web.HTTPSeeOther(address(post))

    async def _profile(self, handle: str, *, kept: Kept = _NOTHING) -> web.Response:
        account = await self._site.run(self._site.account, handle)
        posts = await self._site.run(self._site.posts_by, handle)
        talk = await self._site.run(self._site.talk, account.handle)
        values = {"account": account, "posts": posts, "talk": talk, "kept": kept}
        return self._page("profile.html", status=422 if kept.error else 200, **values)

    async def pulse(self, _request: web.Request) -> web.Response:
        """Answer the number of the newest event: when it grows, an open page looks again."""
        newest = await self._site.run(self._site.newest_event)
        return web.json_response({"seq": newest})

    async def write(self, request: web.Request) -> web.Response:
        """Take a new post or a reply; what cannot be one comes back with everything that was written."""
        form = await _form(request)
        parent = form.get("in_reply_to") or None
        handle, name, text = (form.get(field, "") for field in ("handle", "name", "text"))
        try:
            post = await self._site.run(self._site.post, handle, name, text, parent)
        except BadPost as error:
            kept = Kept(str(error), "reply", text, parent, handle, name)
            return await (self._timeline(kept=kept) if parent is None else self._thread(parent, kept=kept))
        except PostGone as error:
            return self.problem(410, str(error), written=text)
        raise web.HTTPSeeOther(f"{PREFIX}#post-{post.id}" if parent is None else _address(post))

    async def edit(self, request: web.Request) -> web.Response:
        """Replace a post's text; a text that cannot stand comes back as it was written."""
        form = await _form(request)
        post_id, text = request.match_info["id"], form.get("text", "")
        try:
            post = await self._site.run(self._site.edit, post_id, text)
        except BadPost as error:
            return await self._thread(post_id, kept=Kept(str(error), "edit", text, post_id))
        except PostGone as error:
            return self.problem(410, str(error), written=text)
        raise web.HTTPSeeOther(_address(post))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a post."""
        same_origin(request)
        post = await self._site.run(self._site.delete, request.match_info["id"])
        raise web.HTTPSeeOther(_address(post))

    async def static(self, request: web.Request) -> web.FileResponse:
        """Send the style sheet or the script."""
        headers = {"Cache-Control": "no-cache"}
        return web.FileResponse(_HERE / "static" / request.match_info["name"], headers=headers)

    def problem(self, status: int, said: str, *, written: str = "") -> web.Response:
        """Return a page that says what went wrong, and gives back what was written."""
        title = _TITLES.get(status, "That did not work")
        return self._page("problem.html", status=status, title=title, said=said, written=written)

    async def _timeline(self, *, before: str | None = None, kept: Kept = _NOTHING) -> web.Response:
        # The number first: what happens while the posts are read is then news to the open page.
        seq = await self._site.run(self._site.newest_event)
        found = await self._site.run(self._site.timeline, before=before, limit=_PAGE + 1)
        values = {
            "threads": found[:_PAGE],
            "older": found[_PAGE - 1][0].id if len(found) > _PAGE else None,
            "before": before,
            "seq": seq,
            "kept": kept,
        }
        people = await self._site.run(self._site.people)
        return self._page("timeline.html", status=422 if kept.error else 200, people=people, **values)

    async def _thread(self, post_id: str, *, kept: Kept = _NOTHING) -> web.Response:
        seq = await self._site.run(self._site.newest_event)
        thread = await self._site.run(self._site.thread, post_id)
        values = {"thread": thread, "here": str(post_number(post_id)), "seq": seq, "kept": kept}
        people = await self._site.run(self._site.people)
        return self._page("thread.html", status=422 if kept.error else 200, people=people, **values)

    def _page(self, name: str, *, status: int = 200, **values: Any) -> web.Response:
        text = self._templates.get_template(name).render(status=status, **values)
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def same_origin(request: web.Request) -> None:
    """Refuse a form that another site's page sent: a browser says where it comes from with every post.

    What says nothing of it is no browser but a script, which no other site's page can borrow.
    """
    came_from = request.headers.get("Origin") or request.headers.get("Referer")
    if came_from is None and "Sec-Fetch-Site" not in request.headers:
        return
    try:
        host = urlsplit(came_from or "").netloc
    except ValueError:
        host = ""
    # The host alone: behind a proxy that speaks TLS the scheme is not the one the browser saw.
    if not host or host.lower() != request.host.lower():
        raise web.HTTPForbidden(reason="this form was not sent from a page of the square")


async def _form(request: web.Request) -> dict[str, str]:
    same_origin(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType(reason="expected a form as application/x-www-form-urlencoded")
    try:
        sent = await request.post()
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest(reason="expected a form in UTF-8") from error
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def _address(post: Post) -> str:
    return f"{PREFIX}/posts/{post.thread}#post-{post.id}"
