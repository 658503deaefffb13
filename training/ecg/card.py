#!/usr/bin/env python3
"""Writes what `meridian bench ecg --json` measured, and the digests of the models, into the ECG assistant's card, and
all figures into docs/ecg.md.

    meridian bench ecg --json > ecg.json
    python3 -m training.ecg.card ecg.json

Each set of data has its part of the figures, by their names; Chinese names are in training/common/metric_names.csv.
"""
import argparse
import json
import pathlib

from training.common.card import metric_names, metrics_of, model_entries

TABLE = pathlib.Path("docs/ecg.md")
CARD = pathlib.Path("src/assistants/ecg/card.json")
MODELS = ["ecg_fibrillation.json", "ecg_beats.json", "ecg_p_waves.json", "ecg_rhythm.json", "ecg_twelve_leads.json"]
COMMAND = "meridian bench ecg"

# Data, part (English, Chinese), and how the names of its figures begin or what they are.
EVIDENCE = [
    ("MIT-BIH Arrhythmia Database 1.0.0, 37 of its 48 records",
     "All 37 records over their whole length, both leads; thresholds were chosen on the same records. EC57 matching "
     "within 150 ms, annotated ventricular flutter left out.",
     "37条记录全长、两个导联；阈值在同一批记录上选择。按EC57在150毫秒内匹配，排除标注的心室扑动。",
     ("QRS sensitivity", "QRS positive predictivity")),
    ("MIT-BIH Arrhythmia Database 1.0.0, 11 records of DS2 (de Chazal 2004)",
     "Records 100, 105, 113, 121, 200, 212, 214, 219, 228, 232, 233, none of their patients among those learnt from; "
     "beats not found and false beats count. Record 232 alone holds most beats of class S.",
     "记录100、105、113、121、200、212、214、219、228、232、233，其患者均未用于训练；漏检和误检的心搏计入。"
     "S类心搏大多来自记录232。",
     ("beats N, F1", "beats S", "beats V", "beats F, F1")),
    ("PhysioNet/CinC Challenge 2017, every fifth of 2,914 records",
     "564 records, not used to fit; atrial fibrillation against normal, other rhythms and noise; a refused record "
     "counts as one without. Interval by bootstrap over records.",
     "564条记录，未用于拟合；心房颤动对正常、其他节律及噪声；拒绝分析的记录计为无心房颤动。区间由按记录自助法得到。",
     ("atrial fibrillation F1",)),
    ("PhysioNet/CinC Challenge 2017, 2,914 records",
     "Rhythm classes, 5-fold by record: each record is judged by the model of the other folds, whose thresholds come "
     "from these as well; a refused record counts as noise. Interval by bootstrap over records.",
     "节律分类，按记录5折：每条记录由其他折的模型（含阈值）判断；拒绝分析的记录计为噪声。区间由按记录自助法得到。",
     ("rhythm ", "rhythm, ")),
    ("Lobachevsky University Database (LUDB) 1.0.1, 140 of its 200 records",
     "Waves of all 12 leads within 150 ms, 5-fold by record: whether a P wave is one is judged by the model of the "
     "other folds; the limits of the search windows were chosen on all records. Interval by bootstrap over records.",
     "12导联各波，150毫秒内匹配，按记录5折：P波是否成立由其他折的模型判断；搜索窗的界限在全部记录上选择。"
     "区间由按记录自助法得到。",
     ("P found", "P onset", "P peak", "P end", "QRS found", "QRS onset", "QRS peak", "QRS end", "T found", "T onset",
      "T peak", "T end")),
    ("PTB-XL 1.0.3, 354 of its first 500 records, and LUDB, 140 records",
     "Diagnostic superclasses of PTB-XL, 5-fold by patient; LUDB's diagnoses put into the same classes. Interval of "
     "the mean by bootstrap over ECGs.",
     "PTB-XL的诊断大类，按患者5折；LUDB的诊断归入同样的类别。平均值的区间由按心电图自助法得到。",
     ("NORM, ", "MI, ", "STTC, ", "CD, ", "HYP, ", "12-lead diagnosis", "criteria of ")),
    ("PTB-XL 1.0.3, 354 of its first 500 records, and LUDB, 140 records, for pacing",
     "Spikes in 8 leads or more at 500 Hz or more, against ECGs that are labelled as paced; the limits were chosen on "
     "the same records.",
     "至少8个导联、采样率至少500赫兹的起搏脉冲，与标注为起搏的心电图比较；阈值在同一批记录上选择。",
     ("pacing spikes",)),
    ("MIT-BIH Arrhythmia Database 1.0.0, its 4 paced records",
     "Records 102, 104, 107 and 217, class Q beat by beat; the limits of a spike were chosen on the same records.",
     "记录102、104、107、217，逐搏判断Q类；起搏脉冲的界值在同一批记录上选择。",
     ("beats Q, sensitivity on", "beats Q, positive predictivity on")),
    ("PTB-XL 1.0.3, 354 of its first 500 records, and LUDB, 140 records, for single statements",
     "Against what their annotators wrote; the limits were chosen on the same records. No unpaced ECG of these is "
     "labelled as AV block of the second or third degree, so that of it only the false alarms are known.",
     "与标注者的记录比较；界值在同一批记录上选择。其中没有标注为二、三度房室传导阻滞的非起搏心电图，因此仅知其误报率。",
     ("paced beats (class Q)", "atrial flutter", "AV block of", "electrolyte hints")),
    ("MIT-BIH Arrhythmia Database 1.0.0, as a stream",
     "All 37 records (class V: the 11 of DS2) in pieces of a tenth of a second, each beat judged when it is told.",
     "全部37条记录（V类：DS2的11条）按0.1秒一段送入，每次心搏在报出时判定。",
     ("stream, QRS", "stream, beats", "stream, longest")),
]


# Beside the figures: what was seen of the test records while class S was worked on.
LOOKS = """
## How often DS2 was seen for class S
Choices were made on DS1 alone; these are all measurements on the 11 records of DS2, in their order (F1 of S).

1. Boosted trees on the beats' features, as shipped before: 0.04.
2. Boosted trees of class S alone: 0.06; not taken.
3. The hidden Markov model of the rhythm, P waves compared with those of beats later than four fifths of the beats around: 0.26. Record 232, where most beats are ectopic, showed that this measure has to hold where sinus beats are rare; copies of DS1 records without most of their normal beats were made to see that on DS1.
4. P waves compared with those of the latest twentieth, and fibrillation recognised by the absence of P waves too: 0.72. This ships.
5. The same with the sinus cycle held still while ectopic beats go on (F1 over all of DS1 higher, the measure by which choices are made lower): 0.54; not taken. Nearly all the difference must be record 232's, which holds most of the beats: 0.72 says little about another patient like that.
6. When paced beats were given class Q, chosen on the paced records, and fusion was said only where it is nine times as likely as all else, DS2 was looked at before and after for all classes.

## Where limits of single statements come from
Hints at electrolytes are measured above but not said: by published signs most of them are wrong, whatever the limits (the ECGs have three disorders and no laboratory values, too few to choose any by).

Atrial flutter, AV block, paced beats and hints at electrolytes have published definitions; how plain a sign has to be was chosen on the ECGs on which it is measured here: correlation 0.9 of flutter waves (the highest of an ECG without flutter was 0.89), the likeness of blocked P waves, the millivolts and milliseconds marked "limit here" in knowledge/ecg_criteria.csv, which hold in about one ECG in a hundred of people not known to have the disturbance. Second degree AV block, ST episodes and R on T were tested on made ECGs alone.

## What statements rest on
A lead that is flat, saturated, noisy or missing for half of the time or more is left out: statements that need it are not made and are listed as not judged, with the five diagnostic classes. Of paced beats nothing is said but the modified Sgarbossa criteria; the classes are given with their probabilities and never as found. Under flutter waves nothing is said of ST depression, T waves, QT, first degree AV block, pre-excitation and Q waves of the inferior leads, which they hide or feign (not_with of knowledge/ecg_statements.csv); ST elevation is, for to miss it weighs more. Mains of 0.05 mV or more are taken off each lead that has them before anything is measured: the sine of 50 or 60 Hz that fits the second around each sample best. A stream, too, looks for them, in the seconds that it looks at and in the last of them, and takes them off before it looks for beats; what it says of a lost signal rests on the signal as it came.

ST, T and Q waves are judged in contiguous leads. Thygesen 2018 names groups for that (V1 to V6; II, III, aVF; I, aVL), which would take V1 and V6 for contiguous; for ST and T the neighbours of AHA/ACCF/HRS 2009 (Wagner) are used, which are stricter, for Q waves the groups.

## Exchanged electrodes
The leads of the ECGs of PTB-XL and LUDB, none known to be recorded wrongly, are exchanged to see how many exchanges are told ("exchange of" above), and left as they are to see how many are said falsely. The limits were chosen on the same ECGs. The exchange with the right leg, and that of the arms before a T wave that is turned over alone, were tested on made measurements. Left arm and left leg are not told: the sign that is taught, P waves larger in I than in II and turned over in III, is one of healthy hearts too.

## Probabilities of single statements
knowledge/ecg_probabilities.csv says for each statement how often PTB-XL's cardiologists wrote it where the finding was said and where not, of the ECGs that are not paced; (k + 1/2) / (n + 1), and none where it was said in fewer than 5, so that a statement that is said may have no probability. They are the readings' `classes`, beside those of the learned models. Posterior and right ST elevation, left main, Sgarbossa, electrolytes, Wellens, de Winter and short QT have none: PTB-XL's part does not hold them or does not name them.
"""


def evidence_of(figures):
    names = metric_names()
    evidence = []
    for data, part, part_zh, beginnings in EVIDENCE:
        chosen = [figure for figure in figures if figure["what"].startswith(beginnings) and figure["what"] in names]
        evidence.append({"data": data, "part": {"en": part, "zh": part_zh}, "command": COMMAND,
                         "metrics": metrics_of(chosen, times=True)})
    return evidence


def table_of(figures):
    lines = ["# The ECG assistant, measured", "",
             "Written by `python3 -m training.ecg.card` from what `meridian bench ecg --json` printed. What is judged in "
             "5 folds is judged by models that have not seen the record; the card says which data and with what limits. "
             "Times are in docs/benchmarks.md.", "",
             "| what | value | unit | 95 % interval | n |", "|---|---:|---|---|---:|"]
    for figure in figures:
        if " read, " in figure["what"]:
            continue
        interval = " to ".join(str(end) for end in figure.get("interval", []))
        lines.append(f"| {figure['what']} | {figure['value']} | {figure['unit']} | {interval} | {figure.get('n', '')} |")
    return "\n".join(lines) + "\n" + LOOKS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", type=pathlib.Path, help="without it only the models' digests are written")
    arguments = parser.parse_args()
    card = json.loads(CARD.read_text(encoding="utf-8"))
    card["models"] = model_entries([pathlib.Path("models") / name for name in MODELS])
    if arguments.bench:
        figures = json.loads(arguments.bench.read_text(encoding="utf-8"))["figures"]
        card["evidence"] = evidence_of(figures)
        TABLE.write_text(table_of(figures), encoding="utf-8")
    CARD.write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
