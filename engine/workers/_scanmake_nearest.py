# "Did you mean ...?": the known name that is closest to a misspelt one, as rules/nearest.ts finds it. Knows only
# strings.


def nearest(name, candidates):
    """The candidate that is nearest to a name, or None where none is near."""
    wanted = name.lower()
    best, least = None, max(1, len(name) // 3) + 1
    for candidate in candidates:
        away = edits(wanted, candidate.lower())
        if away < least:
            best, least = candidate, away
    return best


def suggestion(name, candidates):
    """The words that suggest the nearest candidate, or nothing."""
    near = nearest(name, candidates)
    return "" if near is None else "; did you mean %s?" % near


def edits(a, b):
    """Insertions, deletions, replacements and swaps of neighbours that lead from a to b."""
    before, above = [], list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


def among(names):
    """The end of a sentence: which names there are."""
    names = list(names)
    shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
    return " (there are %s)" % shown if names else " (there are none)"
