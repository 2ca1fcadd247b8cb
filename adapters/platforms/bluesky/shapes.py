"""What Bluesky answers, as far as it is read here: strict where we depend on it, forgiving where we do not.

After the lexicons of `com.atproto` and `app.bsky` (https://docs.bsky.app/docs/category/http-reference).
What an author's record claims (languages, facets, what it replies to) is dropped when it makes no sense, so
that nobody hides a post from us by a strange record.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from adapters.platforms.bluesky.names import Place, is_did
from bot.domain.value import Moment

_Text = Annotated[str, StringConstraints(max_length=2000)]


def _or_none(raw: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(raw)
    except ValidationError:
        return None


def _a_did(name: str) -> str:
    if not is_did(name):
        raise ValueError("expected a DID")
    return name


def _a_post(uri: str) -> str:
    if Place.read(uri) is None:
        raise ValueError("expected the address of a post")
    return uri


def _whole(text: str) -> str:
    # JSON may carry half a character, which nothing can keep.
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _fits_a_header(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{1,8000}", token.get_secret_value()):
        raise ValueError("expected a token")
    return token


FORGIVEN = WrapValidator(_or_none)
Token = Annotated[SecretStr, AfterValidator(_fits_a_header)]
Whole = Annotated[str, AfterValidator(_whole)]
Did = Annotated[str, AfterValidator(_a_did)]
PostUri = Annotated[_Text, AfterValidator(_a_post)]


class Shape(BaseModel):
    """What came from outside never shows in an error."""

    model_config = ConfigDict(alias_generator=to_camel, hide_input_in_errors=True)


class Session(Shape):
    """Who we are, and the two tokens that say so."""

    did: Did
    access_jwt: Token
    refresh_jwt: Token
    active: bool = True
    status: Annotated[str | None, FORGIVEN] = None


class Ref(Shape):
    """A post, and exactly what it said."""

    uri: PostUri
    cid: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,200}$")]


class Reply(Shape):
    root: Ref
    parent: Ref


class Feature(Shape):
    """What a stretch of text points to: an account, when it has a `did`."""

    did: Annotated[str | None, FORGIVEN] = None


class Facet(Shape):
    features: tuple[Annotated[Feature | None, FORGIVEN], ...] = ()


class Beside(Shape):
    """A quoted post with pictures beside it stands one level deeper."""

    record: Ref


class Quoted(Shape):
    record: Ref | Beside

    @property
    def uri(self) -> str:
        return self.record.uri if isinstance(self.record, Ref) else self.record.record.uri


class Record(Shape):
    """What an author wrote."""

    text: Whole
    created_at: Annotated[Moment | None, FORGIVEN] = None
    langs: Annotated[tuple[Annotated[str | None, FORGIVEN], ...] | None, FORGIVEN] = None
    facets: Annotated[tuple[Annotated[Facet | None, FORGIVEN], ...] | None, FORGIVEN] = None
    reply: Annotated[Reply | None, FORGIVEN] = None
    embed: Annotated[Quoted | None, FORGIVEN] = None

    def names(self, did: str) -> bool:
        """Whether it mentions an account, answers it or quotes it."""
        features = [feature for facet in self.facets or () if facet for feature in facet.features]
        near = [self.reply.parent.uri if self.reply else None, self.embed.uri if self.embed else None]
        places = [Place.read(uri) for uri in near if uri]
        return any(f is not None and f.did == did for f in features) or any(
            p and p.did == did for p in places
        )


class Viewer(Shape):
    """How a post stands to us."""

    reply_disabled: bool = False


class Profile(Shape):
    did: Did
    handle: Annotated[str, StringConstraints(max_length=300)]
    display_name: Annotated[Whole | None, FORGIVEN] = None
    followers_count: Annotated[int | None, Field(ge=0), FORGIVEN] = None


class Label(Shape):
    src: str
    val: str
    neg: bool = False


class Post(Shape):
    """A post as it is shown; a notification about one has the same parts."""

    uri: PostUri
    cid: str
    author: Profile
    record: Record
    indexed_at: Moment
    labels: Annotated[tuple[Annotated[Label | None, FORGIVEN], ...] | None, FORGIVEN] = None
    viewer: Annotated[Viewer | None, FORGIVEN] = None

    @property
    def place(self) -> Place:
        place = Place.read(self.uri)
        if place is None:
            raise ValueError("checked when it was read")
        return place

    @property
    def at(self) -> Moment:
        """When it was posted: what the author's client says, and never later than it was seen."""
        return min(self.record.created_at or self.indexed_at, self.indexed_at)

    @property
    def hidden(self) -> bool:
        """Whether the moderators took it out of sight; a label by its author is none of theirs."""
        words = {"!hide", "!takedown"}
        labels = [label for label in self.labels or () if label and label.src != self.author.did]
        return any(label.val in words and not label.neg for label in labels)


class Posts(Shape):
    posts: tuple[Any, ...]
    cursor: str | None = None


class Notifications(Shape):
    notifications: tuple[Any, ...]
    cursor: str | None = None


class Profiles(Shape):
    profiles: tuple[Annotated[Profile | None, FORGIVEN], ...]


class Own(Shape):
    """What our account wrote, by us or by a colleague."""

    text: Whole
    created_at: Moment
    reply: Annotated[Reply | None, FORGIVEN] = None


class Written(Shape):
    """A record of our account, as its server keeps it."""

    uri: PostUri
    value: Own


class Records(Shape):
    records: tuple[Any, ...]
    cursor: str | None = None


class Created(Shape):
    uri: PostUri


class Resolved(Shape):
    did: Did


class Thread(Shape):
    thread: dict[str, Any]
