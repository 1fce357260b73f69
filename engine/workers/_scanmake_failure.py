# What a function raised, as a failure: a sentence and the user's own frames; and its traceback, for the log.
# Never raises itself, whatever an exception does. Knows nothing of tasks.
import linecache
import os

import _scanmake_origin as origin

LONGEST = 8 * 1024
MOST_FRAMES = 20

# The Scanfile's folder.
folder = ""


def thrown(error):
    """The failure of a task whose function raised."""
    frames = user_frames(error)
    lines = ["at %s (%s:%d)" % (name, shown(file), line) for file, line, name in reversed(frames[-MOST_FRAMES:])]
    return {"kind": "threw", "message": shorten(message(error)), "stack": shorten("\n".join(lines))}


def message(error, depth=0):
    kind = type(error).__name__
    try:
        text = str(error)
    except BaseException as again:
        text = "its message cannot be shown, since __str__ raised %s" % type(again).__name__
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        place = "%s:%s" % (shown(error.filename), error.lineno)
        text = "%s (%s)" % (error.msg, place)
    text = text[:LONGEST]
    if isinstance(error, MemoryError) and text == "":
        text = "it asked for more memory than there is"
    cause = error.__cause__
    suffix = " (caused by: %s)" % message(cause, depth + 1) if cause is not None and depth < 5 else ""
    return (kind if text == "" else "%s: %s" % (kind, text)) + suffix


def user_frames(error):
    """File, line and function of the frames in modules of the project, outermost first."""
    frames = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if origin.is_project_file(code.co_filename):
            frames.append((code.co_filename, step.tb_lineno, code.co_name))
        step = step.tb_next
    return frames


def shown(file):
    """A path as the user has it: relative to the Scanfile's folder, where it is below that."""
    start = folder + os.sep
    return file[len(start) :] if file.startswith(start) else file


def traceback_text(error):
    """The traceback as Python writes it, with the user's frames alone."""
    parts = []
    seen = set()
    while error is not None and id(error) not in seen and len(seen) < 10:
        seen.add(id(error))
        cause = error.__cause__
        context = None if error.__suppress_context__ else error.__context__
        parts.append(one_traceback(error))
        if cause is not None:
            parts.append("\nThe above exception was the direct cause of the following exception:\n\n")
        elif context is not None:
            parts.append("\nDuring handling of the above exception, another exception occurred:\n\n")
        error = cause if cause is not None else context
    if len(parts) % 2 == 0:
        parts.pop()
    return "".join(reversed(parts))


def one_traceback(error):
    frames = user_frames(error)
    lines = []
    if frames:
        lines.append("Traceback (most recent call last):\n")
    left_out = max(0, len(frames) - 2 * MOST_FRAMES)
    for place, (file, line, name) in enumerate(frames):
        if left_out and MOST_FRAMES <= place < MOST_FRAMES + left_out:
            if place == MOST_FRAMES:
                lines.append("  [%d frames left out]\n" % left_out)
            continue
        lines.append('  File "%s", line %d, in %s\n' % (shown(file), line, name))
        text = linecache.getline(file, line).strip()
        if text:
            lines.append("    %s\n" % text)
    without_cause = message(error, 5)
    return "".join(lines) + shorten(without_cause) + "\n"


def shorten(text):
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"
