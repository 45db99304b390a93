"""From the bytes of a file to tables of text.

In come the bytes somebody sent; out go `Table` values whose cells are text, each row with its line.
What a file is is told by its content, never by its name. Size, unpacked size and shape are checked
before anything is unpacked; a file that cannot be read whole is refused whole.
"""

from gbese.apps.imports.reading.files import SourceFile, read_tables, source_file
from gbese.apps.imports.reading.limits import Limits

__all__ = ["Limits", "SourceFile", "read_tables", "source_file"]
