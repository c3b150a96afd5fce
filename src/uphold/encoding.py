"""How the text of a table is encoded: UTF-8, or UTF-16 with or without its byte order mark."""

import codecs


def codec(data: bytes) -> str:
    """Return what a table's text is to be decoded by; UTF-8 where nothing speaks for UTF-16.

    Without its mark UTF-16 is known by its first two characters: a table's head begins with ASCII,
    of which every second byte is 0.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = [byte == 0 for byte in data[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-8-sig"
