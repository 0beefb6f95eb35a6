"""A vendor file of book changes as hftbacktest's own converter makes events of it: python hftbacktest_convert.py MIRROR FILE ROWS OUTPUT

FILE is named from MIRROR on, since the converter guesses what it holds from its name. The first snapshot row of each side
gets an event before it that clears the side.
"""

import os
import sys

import numpy as np
from hftbacktest.data.utils import tardis

SIDES = 2

mirror, file, rows, output = sys.argv[1:]
os.chdir(mirror)
room = int(rows)
events = tardis.convert([file], buffer_size=room + SIDES * room, ss_buffer_size=room)
np.save(output, events)
