"""Bytes of a text as lines of letters, whatever it was written in.

UTF-16 is turned into UTF-8 before anyone reads it. A table of which some lines are UTF-8 and some
are not, as happens where files were pasted together, is decoded line by line: a line that is no
UTF-8 is taken for the Windows code page that fits all such lines best, and how many there are is
told. A line of UTF-8 that is damaged is no line of a code page: it cannot be used.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from gazetteer.record import BadRow
from gazetteer.sources.clean import DAMAGED
from gazetteer.sources.lines import line_blocks, too_long
from gazetteer.sources.text_guess import Encoding, code_page_of, encoding_of
from gazetteer.sources.unpack import PIECE, InputFile

_SAMPLE = 2**20
_HEAD = 4_096


class Utf16File(InputFile):
    """A file in UTF-16 that gives out UTF-8.

    Half a surrogate pair or half a character comes out as bytes that are no UTF-8, so that its line
    shows as damaged.

    Attributes:
        encoding: what it is written in.
    """

    def __init__(self, source: InputFile, encoding: Encoding) -> None:
        super().__init__(source.path, source.member)
        self.encoding = encoding

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """What comes out, as UTF-8.

        Raises:
            GazetteerFileError: as for any file.
        """
        decoder = codecs.getincrementaldecoder(self.encoding.name)("surrogatepass")
        for piece in super().pieces(size):
            if text := decoder.decode(piece):
                yield text.encode("utf-8", "surrogatepass")
        try:
            rest = decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            yield b"\xff"
        else:
            if rest:
                yield rest.encode("utf-8", "surrogatepass")


def as_utf8(source: InputFile) -> InputFile:
    """The file, or where it is UTF-16 one that gives out UTF-8."""
    if isinstance(source, Utf16File):
        return source
    encoding = encoding_of(source.head(_HEAD))
    return Utf16File(source, encoding) if encoding.name.startswith("utf-16") else source


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How the lines of a text are to be decoded.

    Attributes:
        code_page: for lines that are no UTF-8; "" where there are none.
        guessed: what was guessed, in words; "" if nothing.
    """

    code_page: str = ""
    guessed: str = ""

    def text(self, line: bytes) -> str:
        """The letters of a line.

        Raises:
            UnicodeDecodeError: it is neither UTF-8 nor of the code page, or damaged UTF-8.
        """
        try:
            return line.decode()
        except UnicodeDecodeError:
            if not self.code_page or _is_damaged(line):
                raise
            return line.decode(self.code_page)


def _is_damaged(line: bytes) -> bool:
    """Whether a line that is no UTF-8 is so for the greater part."""
    letters = line.decode("utf-8", "replace")
    broken = letters.count(DAMAGED)
    return sum(not char.isascii() for char in letters) > 2 * broken


def decoding_of(source: InputFile) -> Decoding:
    """How the lines of a file are to be decoded; all of it is read for this.

    Raises:
        GazetteerFileError: it cannot be read (on).
    """
    unicode = False
    count = 0
    sample: list[bytes] = []
    sampled = 0
    for _, lines in line_blocks(source.pieces()):
        whole = [line for line in lines if line is not None]
        if _is_utf8(block := b"\n".join(whole)):
            unicode = unicode or not block.isascii()
            continue
        for line in whole:
            if _is_utf8(line):
                unicode = unicode or not line.isascii()
            elif _is_damaged(line):
                unicode = True
            else:
                count += 1
                if sampled < _SAMPLE:
                    sample.append(line)
                    sampled += len(line)
    if not count or isinstance(source, Utf16File):
        return Decoding()
    page = code_page_of(b"\n".join(sample))
    said = f"the text is not UTF-8, taken for {page.called}"
    if unicode:
        lines_are = "1 line was" if count == 1 else f"{count:,} lines were"
        said = f"{lines_are} not UTF-8, read as {page.called}"
    return Decoding(code_page=page.name, guessed=said)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def text_lines(
    source: InputFile, decoding: Decoding | None = None
) -> Iterator[tuple[int, str | BadRow]]:
    """Each line with its number, without line break and byte order mark; blank ones left out.

    Args:
        source: the file.
        decoding: for lines that are no UTF-8; without it they are ``BadRow``.

    Raises:
        GazetteerFileError: as ``pieces`` does.
    """
    how = decoding or Decoding()
    for first, lines in line_blocks(source.pieces()):
        for number, line in enumerate(lines, start=first):
            if line is None:
                yield number, BadRow(line=number, why=too_long())
                continue
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                text = how.text(line)
            except UnicodeDecodeError as error:
                why = f"byte 0x{line[error.start]:02x} is not {error.encoding.upper()}"
                yield number, BadRow(line=number, why=why)
                continue
            yield number, text.rstrip("\r")
