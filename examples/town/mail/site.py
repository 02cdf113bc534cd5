"""The webmail's pages."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from examples.town.identity import Guarded, Identity
from examples.town.mail.post import Draft, Post
from examples.town.pages import redirect
from examples.town.site import Setting

FOLDERS = ("inbox", "sent", "bin")


class MailSite(Guarded):
    """Routes over the `Post` of whoever is signed in."""

    name = "mail"

    def __init__(self, post: Post, identity: Identity, setting: Setting) -> None:
        self.post = post
        self.identity = identity
        super().__init__(setting)
        self.pages.globals.update(unread=post.unread, folders=FOLDERS)

    def routes(self) -> Sequence[BaseRoute]:
        return (
            *self.door(),
            Route("/", self.folder),
            Route("/folder/{folder}", self.folder),
            Route("/mail/{number}", self.letter),
            Route("/mail/{number}/bin", self.throw_away, methods=["POST"]),
            Route("/mail/{number}/star", self.star, methods=["POST"]),
            Route("/mail/{number}/files/{file}", self.file),
            Route("/write", self.write, methods=["GET", "POST"]),
            Route("/editor", self.editor),
        )

    async def folder(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        name = request.path_params.get("folder", "inbox")
        if name not in FOLDERS:
            return self.missing(request, f"There is no folder {name}.")
        words = self.pages.query(request).get("q", "")
        return self.view(request, "folder", folder=name, words=words, letters=self.post.folder(name, words))

    def _show(self, request: Request, view: str, folder: str, status: int = 200, **context: object) -> Response:
        """A view with the folder beside it, for releases that show both."""
        letters = self.post.folder(folder or "inbox")
        return self.view(request, view, status, folder=folder, letters=letters, **context)

    async def letter(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        letter = self.post.letter(request.path_params["number"])
        if letter is None:
            return self.missing(request, "There is no such mail.")
        letter.read = True
        return self._show(request, "letter", letter.folder, letter=letter)

    async def throw_away(self, request: Request) -> Response:
        letter = self.post.letter(request.path_params["number"])
        if (closed := self.closed(request)) is not None or letter is None:
            return closed or self.missing(request, "There is no such mail.")
        letter.folder = "bin"
        return redirect(request, "/")

    async def star(self, request: Request) -> Response:
        letter = self.post.letter(request.path_params["number"])
        if (closed := self.closed(request)) is not None or letter is None:
            return closed or self.missing(request, "There is no such mail.")
        letter.starred = not letter.starred
        return redirect(request, f"/mail/{letter.number}")

    async def file(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        letter = self.post.letter(request.path_params["number"])
        files = {file.name: file for file in letter.files} if letter else {}
        file = files.get(request.path_params["file"])
        if file is None:
            return self.missing(request, "There is no such file.")
        headers = {"content-disposition": f'attachment; filename="{file.name}"', "x-content-type-options": "nosniff"}
        return Response(file.data, media_type="application/octet-stream", headers=headers)

    async def write(self, request: Request) -> Response:
        if (closed := self.closed(request)) is not None:
            return closed
        if request.method == "GET":
            answered = self.post.letter(request.query_params.get("answer", ""))
            draft = self.post.answer_to(answered) if answered else Draft()
            return self._show(request, "write", "", draft=draft, errors={})
        files = await self.files(request, "files")
        draft, errors = self.post.read_draft(await self.fields(request), files)
        if errors:
            return self._show(request, "write", "", 422, draft=draft, errors=errors)
        if self.refused(request, "send"):
            return Response()
        return redirect(request, f"/mail/{self.post.send(draft, files).number}")

    async def editor(self, request: Request) -> Response:
        """The sheet that is written on, for a release that has it in a frame of its own."""
        return self.pages.render(request, "editor.html")
