"""Whether an assistant is good enough to be on: each figure of the test part against the least asked of it."""
from training.imaging import measures

# assistant: (name of the figure, its group if any, the least)
LEAST = {
    "chest_pneumonia": [("AUC", None, 0.96), ("accuracy", None, 0.90),
                        ("PneumoniaMNIST, official validation part: AUC", None, 0.97)],
    "breast_us": [("AUC", None, 0.88), ("Dice", None, 0.70)],
    "fundus_dr": [("AUC", None, 0.80), ("F1, pixels", None, 0.80), ("AUC, pixels", None, 0.97)],
    "head_ct": [("AUC", "finding=haemorrhage", 0.90)],  # stroke missed 0.85 and is never a finding
    "cervical_cytology": [("AUC", None, 0.95), ("accuracy, seven classes", None, 0.60)],
    # 16 films of the test part say little: all of the family, each by heads that have not learnt from it.
    "fracture": [(measures.CROSSED, "family=fracatlas", 0.70)],
    "polyp": [("Dice", None, 0.75), ("sensitivity, frames", None, 0.90)],
    "pathology": [("Dice", None, 0.75), ("F1, objects at an overlap of a half", None, 0.65)],
    "volume_segmentation": [("Dice", None, 0.82)],
}
# Assistants whose data cannot show that they are good enough, whatever the figures are.
UNKNOWABLE = {
    "lung_ct": {"en": "The set has no patients' keys, so that slices of one patient may have been learnt from and "
                      "measured on: what it would do for a new patient is not known.",
                "zh": "数据集无患者标识，同一患者的层面可能同时用于训练和测试，因此对新患者的效果未知。"},
    "mammography": {"en": "24 mammograms are too few to learn from, and 3 too few to measure with.",
                    "zh": "24张钼靶片不足以学习，3张不足以评估。"},
}


def missed(name, card):
    """(figure, value, least) of each that is not reached; a figure that was not measured counts as None."""
    figures = [one for entry in card["evidence"] for one in entry["metrics"]]
    short = []
    for what, group, least in LEAST[name]:
        values = [one["value"] for one in figures if one["name"]["en"] == what and one.get("group") == group]
        if not values or min(values) < least:
            short.append((f"{what} ({group})" if group else what, min(values, default=None), least))
    return short


def settle(name, card):
    """Sets on_by_default and why_off from the evidence."""
    card.pop("on_by_default", None)
    card.pop("why_off", None)
    why = UNKNOWABLE.get(name)
    if why is None and (short := missed(name, card)):
        why = {"en": "It misses the least asked of it on the test part: " + "; ".join(
                   f"{what} {'not measured' if value is None else value}, at least {least}"
                   for what, value, least in short) + ".",
               "zh": "测试部分未达到最低要求：" + "；".join(
                   f"{measures.chinese()[what.split(' (')[0]]}{'未测量' if value is None else value}，要求不低于{least}"
                   for what, value, least in short) + "。"}
    if why:
        card["on_by_default"], card["why_off"] = False, why
