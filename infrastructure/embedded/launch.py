"""Becomes another program that dies with the one that started it: run as a script, it needs nothing but the standard library.

Arguments: the pid of the parent, the signal to die by, the user id and group id to run under (-1 keeps them), then the program's own.
It stands between because setting these in the parent after a fork is not safe once the parent has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, user, group = (int(value) for value in sys.argv[1:5])
    program = sys.argv[5:]
    if user >= 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit(1)  # it died before it could be watched
    os.execv(program[0], program)  # noqa: S606 - there is no shell, which is the point


if __name__ == "__main__":
    main()
