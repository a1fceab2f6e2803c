"""What the files of a run state, read once each; what is as it was, or a copy, isn't read.

Nothing is decided here about ids that several files state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.evidence import Evidence
from knowledge.indexing.rows import content_hash
from knowledge.ingesting.manifest import Entry, digest_of_items
from knowledge.ingesting.sources import Source
from knowledge.reading.documents import kind_of_folder
from knowledge.reading.mapping import Mapping as Columns
from knowledge.reading.readers import VERSION, read_content

Hashes = Mapping[str, str]  # of items, by id; "" where rows of one are missing


@dataclass
class Statement:
    """One file. It says what ``same`` says, or it is a copy of ``original``, or it holds ``items``;
    one that can't be opened has no ``digest``, and a problem."""

    source: Source
    before: Entry | None
    digest: str = ""
    same: Entry | None = None
    original: str | None = None
    base: str = ""
    items: dict[str, Evidence] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    problems: list[UnreadableFile] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def stands(self) -> bool:
        """True when it had items of its own, not those of the file it was a copy of."""
        return self.before is not None and not self.before.of

    @property
    def held(self) -> tuple[str, ...]:
        """The ids that are its own since an earlier run."""
        return self.before.ids if self.before and self.stands else ()

    @property
    def rank(self) -> int:
        """What had items of its own comes first, then what is new, then what was a copy."""
        return 0 if self.stands else 1 if self.before is None else 2

    def hold(self, items: Iterable[Evidence], base: str) -> None:
        """These are its items, whose inferred ids begin with ``base``."""
        self.base, self.items = base, {item.id: item for item in items}
        self.hashes = {key: content_hash(item) for key, item in self.items.items()}


class Desk:
    """Reads the files of one run.

    ``entries`` are those of the last run that was completed, ``stood`` is what was stored then.
    """

    def __init__(self, entries: Mapping[str, Entry], stood: Hashes, mapping: Columns | None):
        self._entries, self._stood, self._mapping = entries, stood, mapping
        self._moved: dict[str, Entry] = {}  # of files that are gone, by what was read
        self._originals: dict[str, str] = {}  # names, by what was read

    def statements(
        self, sources: Iterable[Source], gone: Iterable[str], told: Callable[[], None]
    ) -> list[Statement]:
        """In the order of ``sources``; ``told`` is called for each as it is done."""
        looked = [self._looked_at(source) for source in sources]
        names = {one.name for one in looked}
        self._offer(gone, names)
        for one in looked:
            if one.digest:
                one.same = self._unchanged(one) or self._renamed(one)
            if one.same:
                self._originals.setdefault(one.digest, one.name)
                told()
        for one in sorted((one for one in looked if not one.same), key=lambda one: one.rank):
            if one.digest and not self._is_copy(one):
                self.read(one)
            told()
        return looked

    def read(self, one: Statement, base: str | None = None) -> None:
        """Take down what the file states, or why it can't be opened any more.

        Ids that it doesn't state begin with ``base``, or else as they did.
        """
        one.original = None
        base = base or (one.before.base if one.before else next(one.source.bases()))
        try:
            found = list(read_content(one.source.read(), one.source.path, self._mapping, base))
        except UnreadableFile as error:
            one.digest, one.problems = "", [error]
            return
        one.problems = [each for each in found if isinstance(each, UnreadableFile)]
        one.hold((each for each in found if isinstance(each, Evidence)), base)
        if not one.problems:
            self._originals.setdefault(one.digest, one.name)

    def _looked_at(self, source: Source) -> Statement:
        one = Statement(source, self._entries.get(source.name))
        try:
            one.digest = self._digest(source.read(), source.path)
        except UnreadableFile as error:
            one.problems.append(error)
        return one

    def _offer(self, gone: Iterable[str], names: set[str]) -> None:
        """Make known what is to be had without reading: of files outside of the run, or gone."""
        gone = set(gone)
        for name, entry in self._entries.items():
            if name in names or not self._usable(entry) or (entry.of and name in gone):
                continue
            if name in gone:
                self._moved.setdefault(entry.digest, entry)
            else:
                self._originals.setdefault(entry.digest, name)

    def _unchanged(self, one: Statement) -> Entry | None:
        entry = one.before
        as_it_was = entry and entry.digest == one.digest and one.stands
        return entry if entry and as_it_was and entry.whole and self._holds(entry) else None

    def _renamed(self, one: Statement) -> Entry | None:
        """The entry of a file that is gone, and said the same: the first such takes it over."""
        return self._moved.pop(one.digest, None) if self._may_follow(one) else None

    def _is_copy(self, one: Statement) -> bool:
        one.original = self._originals.get(one.digest) if self._may_follow(one) else None
        return one.original is not None

    def _may_follow(self, one: Statement) -> bool:
        """Not what has items of its own, and didn't change."""
        return not (one.before and one.stands and one.before.digest == one.digest)

    def _usable(self, entry: Entry) -> bool:
        return entry.whole and not entry.problems and self._holds(entry)

    def _holds(self, entry: Entry) -> bool:
        """True when every item of ``entry`` stood as it was stored."""
        known = {key: self._stood[key] for key in entry.ids if self._stood.get(key)}
        return len(known) == len(set(entry.ids)) and digest_of_items(known, known) == entry.stored

    def _digest(self, content: bytes, path: Path) -> str:
        """Of everything that decides what is read; the folder may name a kind."""
        about = (VERSION, self._mapping, path.suffix.casefold(), kind_of_folder(path))
        digest = hashlib.sha256(repr(about).encode())
        digest.update(content)
        return digest.hexdigest()
