"""What a classifier's card says of the test part."""
import collections

import numpy

from training.common import metrics
from training.imaging import export, measures, shortcuts

AGES = ((0, 44), (45, 64), (65, 120))


def areas_by_group(scores, labels, pictures, name="AUC"):
    """AUC by what is known of the people, where a group has at least five of either kind."""
    groups = collections.defaultdict(list)
    for row, picture in enumerate(pictures):
        for kind in ("sex", "family"):
            if kind in picture.about:
                groups[f"{kind}={picture.about[kind].lower()}"].append(row)
        for low, high in AGES:
            if low <= int(picture.about.get("age") or -1) <= high:
                groups[f"age={low}-{high}"].append(row)
    return [measures.area(name, scores[rows], labels[rows], group) for group, rows in sorted(groups.items())
            if min(labels[rows].sum(), (1 - labels[rows]).sum()) >= 5]


def against_shortcuts(network, pictures, labels, test, scores):
    """The same split for trees on six global numbers, and what the network gains."""
    found, learnt = [], ~test
    for name, table in (("whole picture", [shortcuts.of_whole(one) for one in pictures]),
                        ("what the network sees", [shortcuts.of_seen(one, network) for one in pictures])):
        by_trees = shortcuts.scores(numpy.array(table), labels, learnt, test)
        found.append((name, by_trees))
    rows = [measures.area("six global numbers of the whole picture: AUC", found[0][1], labels[test]),
            measures.area("six global numbers of what the network sees: AUC", found[1][1], labels[test])]
    keys, truth, trees = [one.key for one, chosen in zip(pictures, test) if chosen], labels[test], found[0][1]

    def gain(drawn):
        if len(set(truth[drawn])) < 2:
            return None
        return metrics.auc(scores[drawn], truth[drawn]) - metrics.auc(trees[drawn], truth[drawn])

    whole = numpy.arange(len(truth))
    return rows + [measures.metric("gain in AUC over the six numbers of the whole picture", gain(whole),
                                   measures.resampled(keys, gain, 300), len(truth))]


def of_held(pictures, labels, believed, held):
    """Of what calibration rests on."""
    folded = any(one.part == "train" for one, there in zip(pictures, held) if there)
    return measures.area("AUC, out of fold on what was learnt from" if folded else "AUC, validation part",
                         believed[held], labels[held])


def by_family(judged, labels, pictures, threshold, left_out, test):
    """Where pictures are of several families: each family whole, by heads that have not learnt from a picture, beside
    the same of trees on six global numbers."""
    if "family" not in pictures[0].about:
        return []
    table, trees = numpy.array([shortcuts.of_whole(one) for one in pictures]), numpy.zeros(len(pictures))
    for fold in numpy.unique(left_out):
        here = ~test & (left_out == fold)
        trees[here] = shortcuts.scores(table, labels, ~test & ~here, here)
    trees[test] = shortcuts.scores(table, labels, ~test, test)
    figures = areas_by_group(judged, labels, pictures, measures.CROSSED)
    figures += areas_by_group(trees, labels, pictures, "six global numbers of the whole picture: " + measures.CROSSED)
    for group in [one["group"] for one in figures if one["name"]["en"] == measures.CROSSED]:
        of_group = numpy.array([f"family={one.about['family'].lower()}" == group for one in pictures])
        for name, kind in (("sensitivity", 1), ("specificity", 0)):
            right = (judged >= threshold) == kind
            figures.append(measures.share(f"{name}, by heads that have not learnt from a picture",
                                          right[of_group & (labels == kind)], group))
    return figures


def of_class(network, pictures, labels, believed, said, left_out, test, threshold, group):
    """One finding against its absence: labels; probabilities by the head that left a picture out (-1: none did), and
    by all heads."""
    truth, scores, held = labels[test], said[test], ~test & (left_out >= 0)
    chosen = [one for one, there in zip(pictures, test) if there]
    if min(truth.sum(), (1 - truth).sum()) < 2:
        return [of_held(pictures, labels, believed, held)]
    figures = [measures.area("AUC", scores, truth, group)] + areas_by_group(scores, truth, chosen)
    figures.append(of_held(pictures, labels, believed, held))
    if (held | test).all():
        figures += by_family(numpy.where(test, said, believed), labels, pictures, threshold, left_out, test)
    found = scores >= threshold
    figures += [measures.share("accuracy", (scores >= 0.5) == truth), measures.share("sensitivity", found[truth == 1]),
                measures.share("specificity", ~found[truth == 0]),
                measures.metric("calibration error", metrics.calibration_error(scores, truth, 5), n=len(truth))]
    return figures + against_shortcuts(network, pictures, labels, test, scores)


def findings(network, targets, believed, said):
    """(name in both languages, labels, believed, said, threshold) of what is measured as one finding each."""
    classes = network["classes"]
    if not network["exclusive"]:
        return [(one["text"], targets[:, i], believed[:, i], said[:, i], one["threshold"])
                for i, one in enumerate(classes)]
    if any(one["name"] == "malignant" for one in classes):
        i = [one["name"] for one in classes].index("malignant")
        return [(classes[i]["text"], targets[:, i], believed[:, i], said[:, i], classes[i]["threshold"])]
    if all("code" in one for one in classes):
        return [(one["text"], targets[:, i], believed[:, i], said[:, i], 0.5) for i, one in enumerate(classes)]
    ill = [i for i, one in enumerate(classes) if "code" in one]
    return [({"en": "abnormal cell", "zh": "异常细胞"}, targets[:, ill].sum(1), believed[:, ill].sum(1),
             said[:, ill].sum(1), 0.5)]


def show_held(network, pictures, targets, believed, held):
    for text, labels, scores, _, threshold in findings(network, targets, believed, believed):
        known = held & (labels >= 0)
        rows = [one for one, there in zip(pictures, known) if there]
        for one in (of_held(pictures, labels, scores, known), *areas_by_group(scores[known], labels[known], rows)):
            print(text["en"], one.get("group", ""), one["name"]["en"], one["value"], one["interval"], one["n"])
    if network["exclusive"]:
        right = believed[held].argmax(1) == targets[held].argmax(1)
        print(f"accuracy of {held.sum()} held: {right.mean():.3f}", flush=True)


def of_classifier(name, network, pictures, targets, believed, said, left_out, test, strange):
    entries = []
    for text, labels, *values in findings(network, targets, believed, said):
        known = labels >= 0
        rows = [one for one, there in zip(pictures, known) if there]
        asked, here = test[known], numpy.flatnonzero(known[test])
        group = None if network["exclusive"] or targets.shape[1] == 1 else f"finding={next(iter(rows[0].labels))}"
        figures = of_class(network, rows, labels[known], *(value[known] for value in values[:2]), left_out[known],
                           asked, values[2], group)
        figures.append(measures.share("refused as strange", strange[here]))
        if network["exclusive"] and not entries:
            right = said[test].argmax(1) == targets[test].argmax(1)
            figures.append(measures.share(f"accuracy, {'seven' if targets.shape[1] == 7 else 'three'} classes", right))
        data_set, keys = rows[0].data_set, {one.key for one, there in zip(rows, asked) if there}
        ill = int(labels[known][asked].sum())
        entries.append(export.evidence(
            f"train_classifier {name}", data_set,
            f"{text['en']}: test part, {asked.sum()} pictures of {len(keys)} groups, {ill} with it",
            f"{text['zh']}：测试部分，{len(keys)}个分组共{asked.sum()}幅，其中阳性{ill}幅", figures))
    return entries


def show(card):
    for entry in card["evidence"]:
        print(entry["part"]["en"])
        for one in entry["metrics"]:
            print("  ", one.get("group", ""), one["name"]["en"], one["value"], one.get("interval"), one.get("n"))
