"""The pages of a queue's file, as bbolt 1.5 lays them out (`internal/common/page.go` and `meta.go`)."""

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# id, flags, number of elements, further pages of the same node.
_HEADER: Final = struct.Struct("<QHHI")
# magic, version, page size, flags, root page, sequence, free list, end, transaction, checksum.
_META: Final = struct.Struct("<IIIIQQQQQQ")
# position behind the element, length of the key, page.
_BRANCH: Final = struct.Struct("<IIQ")
# flags, position behind the element, length of the key, length of the value.
_LEAF: Final = struct.Struct("<IIII")
_IS_BRANCH, _IS_LEAF = 1, 2
_METAS = 2


@dataclass(frozen=True)
class QueueFile:
    """The bytes of a file that no collector has open."""

    content: bytes

    @property
    def page_bytes(self) -> int:
        """The size of a page."""
        return int(_META.unpack_from(self.content, _HEADER.size)[2])

    def newest_header(self) -> int:
        """Return which of the first two pages is the header of the last transaction."""
        starts = (page * self.page_bytes + _HEADER.size for page in range(_METAS))
        transactions = [_META.unpack_from(self.content, start)[8] for start in starts]
        return transactions.index(max(transactions))

    def leaves(self) -> list[int]:
        """Return the pages in which the requests begin, in the order of their keys."""
        return self._leaves_of(self.newest_header())

    def requests_before(self) -> int:
        """Return how many requests the transaction before the last one knows, which may only have read one."""
        pages = self._leaves_of(_METAS - 1 - self.newest_header())
        counts = [int(_HEADER.unpack_from(self.content, page * self.page_bytes)[2]) for page in pages]
        # One element more holds what the queue writes about itself.
        return sum(counts) - 1

    def with_page(self, page: int, content: bytes) -> bytes:
        """Return the file with other content from the beginning of a page."""
        start = page * self.page_bytes
        return self.content[:start] + content + self.content[start + len(content) :]

    def with_garbage(self, page: int, pages: int = 1) -> bytes:
        """Return the file with random bytes in some pages."""
        return self.with_page(page, secrets.token_bytes(pages * self.page_bytes))

    def with_stale_leaf(self) -> bytes:
        """Return the file with a leaf that bears its own number and the content of the last one.

        A page that was not written before a power cut keeps what it held before, under the same number.
        """
        leaves = self.leaves()
        page, last = leaves[len(leaves) // 2], leaves[-1] * self.page_bytes
        number = struct.pack("<Q", page)
        return self.with_page(page, number + self.content[last + len(number) : last + self.page_bytes])

    def _leaves_of(self, header: int) -> list[int]:
        meta = header * self.page_bytes + _HEADER.size
        element = _META.unpack_from(self.content, meta)[4] * self.page_bytes + _HEADER.size
        _, position, key, _ = _LEAF.unpack_from(self.content, element)
        (root,) = struct.unpack_from("<Q", self.content, element + position + key)
        return list(self._leaves_below(root))

    def _leaves_below(self, page: int) -> Iterator[int]:
        start = page * self.page_bytes
        number, flags, count, _ = _HEADER.unpack_from(self.content, start)
        assert number == page
        if flags & _IS_LEAF:
            yield page
            return
        assert flags & _IS_BRANCH
        for each in range(count):
            _, _, child = _BRANCH.unpack_from(self.content, start + _HEADER.size + each * _BRANCH.size)
            yield from self._leaves_below(child)
