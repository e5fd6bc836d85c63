"""A slow, obvious twin of every compiled kernel, of the same name and arguments, in a module named as the kernel's.

Beside each twin, `inputs_of_<kernel>` yields the arguments of small random calls. A generator may go on with arrays
that it has yielded, so that one call finds what the one before left.
"""
