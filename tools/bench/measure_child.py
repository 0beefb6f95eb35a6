"""Runs a program once and prints what it took, as one JSON line.

    python measure_child.py TIMEOUT_SECONDS OUTPUT_FILE PROGRAM [ARGUMENT …]

Small on purpose: on Linux a process begins with the peak memory of the one that started it, which must not be ours.
Wall time is from the start of the process to its end; processor time and peak memory come from the kernel's account of
it and of its children. Where /proc tells, the peaks of all processes that live at the same time are added up.
"""

import json
import os
import sys
import threading
import time

POLL_SECONDS = 0.1


def tree_of(pid):
    """The process and all below it."""
    found = [pid]
    for one in found:
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            pass
    return found


def peak_of(pid):
    """Peak resident bytes so far; 0 when it is gone or the system does not tell."""
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


class Watch(threading.Thread):
    """Adds up the peaks of the processes below `pid`, and ends it when its time is over."""

    def __init__(self, pid, seconds):
        super().__init__(daemon=True)
        self.pid, self.deadline = pid, time.monotonic() + seconds
        self.peak, self.is_late = 0, False
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(POLL_SECONDS):
            tree = tree_of(self.pid)
            if len(tree) > 1:
                self.peak = max(self.peak, sum(peak_of(one) for one in tree))
            if time.monotonic() > self.deadline and not self.is_late:
                self.is_late = True
                for one in tree:
                    os.kill(one, 9)


def main(seconds, output, *command):
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, flags, 0o644)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    watch = Watch(pid, float(seconds))
    watch.start()
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    watch.ended.set()
    watch.join()
    unit = 1 if sys.platform == "darwin" else 1024
    result = {
        "exitCode": os.waitstatus_to_exitcode(status),
        "isLate": watch.is_late,
        "wallSeconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": max(usage.ru_maxrss * unit, watch.peak),
    }
    print(json.dumps(result))


main(*sys.argv[1:])
