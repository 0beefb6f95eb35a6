"""Unpacks the parts of a wheel whose names begin with one of the given prefixes, with their file modes.

Usage: unpack_wheel.py WHEEL FOLDER PREFIX...
"""

import os
import sys
import zipfile


def main(wheel: str, folder: str, *prefixes: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith(prefixes):
                continue
            target = archive.extract(entry, folder)
            mode = entry.external_attr >> 16
            if mode and not entry.is_dir():
                os.chmod(target, mode & 0o777)


if __name__ == "__main__":
    main(*sys.argv[1:])
