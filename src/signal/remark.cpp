#include "signal/remark.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"

namespace meridian::signal {
namespace {

constexpr int kDeepest = 2;

struct Entry {
  std::string_view code, en, zh;  // with {names} where values stand
};

// A text is told by the first that fits: what says more stands first.
constexpr std::array<Entry, 49> kEntries{{
    {"not-read", "not read: {part}", "未读取：{part}"},
    {"segment", "segment {segment}: {part}", "分段{segment}：{part}"},
    {"lead-not-in-first-segment", "{lead}: a lead that the first segment has not",
     "{lead}（第一分段没有该导联）"},
    {"not-an-ecg-lead", "{lead}: not an ECG lead", "{lead}（不是心电导联）"},
    {"not-in-volts", "{lead}: not in volts", "{lead}（单位不是电压）"},
    {"not-calibrated", "{lead}: not calibrated in volts", "{lead}（未按电压定标）"},
    {"unit-no-voltage", "{lead}: unit {unit} is not a voltage", "{lead}（单位{unit}不是电压）"},
    {"no-samples", "{lead}: it has no samples", "{lead}（没有采样点）"},
    {"lead-again", "{lead}: a second recording of this lead", "{lead}（该导联的第二份记录）"},
    {"lead-other-rate", "{lead}: its sampling rate does not fit that of the fastest lead",
     "{lead}（采样率与最快的导联不匹配）"},
    {"group-other-rate", "{group}: another sampling frequency", "{group}（采样频率不同）"},
    {"group-derived", "{group}: derived", "{group}（推导所得）"},
    {"gain-assumed", "{lead}: the header gives no gain; {gain} per millivolt is assumed",
     "{lead}：文件未给出增益，按每毫伏{gain}计"},
    {"checksum", "{lead}: its checksum does not agree with the header: the signal file was altered or cut",
     "{lead}：校验和与文件头不符，信号文件被改动或截断"},
    {"initial-value",
     "{lead}: the header's initial value is not the file's, and it has no checksum by which to tell which is "
     "right",
     "{lead}：文件头中的初始值与文件不符，且无校验和可资判断"},
    {"electrode-off", "{lead}: its electrode was off", "{lead}：电极脱落"},
    {"no-value", "{lead}: it has no value", "{lead}：没有数值"},
    {"count-differs", "{lead}: holds {held} samples, not as many as it says",
     "{lead}：实有{held}个采样点，与所述数目不符"},
    {"too-high", "{lead}: deflections of {value} mV are not those of an ECG; its gain may be wrong",
     "{lead}：{value} mV的波幅不像心电图，增益可能有误"},
    {"too-low", "no lead has deflections of more than {value} mV; the gain may be wrong",
     "所有导联的波幅都不超过{value} mV，增益可能有误"},
    {"rate",
     "at {frequency} samples a second QRS complexes last {qrs} ms, QT {qt} ms and RR {rr} ms; the sampling "
     "frequency may be wrong",
     "按每秒{frequency}个采样点计，QRS时限{qrs}毫秒、QT {qt}毫秒、RR {rr}毫秒，采样频率可能有误"},
    {"records-cut", "it holds {held} records and announces {announced}: it was cut short",
     "文件应有{announced}条数据记录，实有{held}条：被截断"},
    {"records", "it holds {held} records and announces {announced}",
     "文件应有{announced}条数据记录，实有{held}条"},
    {"cut-short", "it was cut short: {held} of {announced} bytes are here",
     "文件被截断：应有{announced}字节，实有{held}字节"},
    {"file-checksum", "the checksum of the file does not agree", "文件校验和不符"},
    {"section-checksum", "the checksum of section {section} does not agree", "第{section}节校验和不符"},
    {"no-rhythm", "series {code}: not a rhythm", "序列{code}（不是节律记录）"},
    {"annotation-sets", "{count} sets of annotations", "{count}组注释"},
    {"derived-series", "{count} derived series", "{count}个派生序列"},
    {"other-rate", "a sequence set of another sampling rate", "另一采样率的一组序列"},
    {"annotations", "{count} annotations", "{count}条注释"},
    {"unnamed-leads", "{count} leads without a name", "{count}个未命名的导联"},
    {"waveform", "waveform {type}", "{type}波形"},
    {"reference-beat", "reference beat (section 5)", "参考心搏（第5节）"},
    {"global-measurements", "global measurements (section 7)", "总体测量值（第7节）"},
    {"diagnosis", "diagnosis (section 8)", "诊断（第8节）"},
    {"maker-diagnosis", "the maker's diagnosis (section 9)", "厂家诊断（第9节）"},
    {"lead-measurements", "measurements of leads (section 10)", "各导联测量值（第10节）"},
    {"coded-statements", "coded statements (section 11)", "编码诊断语句（第11节）"},
    {"calibration", "calibration pulse", "定标脉冲"},
    {"representative-beats", "representative beats", "代表性心搏"},
    {"muse-measurements", "RestingECGMeasurements", "静息心电测量值"},
    {"muse-diagnosis", "Diagnosis", "诊断"},
    {"muse-pharma", "PharmaData", "药物试验数据"},
    {"writing-in-picture",
     "writing in the picture ({lines} lines): it may name the patient, and de-identification does not remove "
     "it",
     "图像中有文字（{lines}行）：可能含患者姓名，去标识化不会将其去除"},
    {"philips-own", "internalmeasurements", "内部测量值"},
    {"philips-measurements", "measurements", "测量值"},
    {"philips-interpretations", "interpretations", "诊断解释"},
    {"annotation", "an annotation", "一条注释"},
}};

// Calls take with each piece of the template in its order: what is said, and the name that follows it.
template <class Take>
void pieces_of(std::string_view text, Take take) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    const std::size_t close = open < text.size() ? text.find('}', open) : text.size();
    take(text.substr(at, open - at), open < text.size() ? text.substr(open + 1, close - open - 1) : "");
    if (open == text.size()) return;
    at = close + 1;
  }
}

const std::string* value_of(const RemarkValues& values, std::string_view name) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

std::string filled(std::string_view text, const RemarkValues& values) {
  std::string result;
  pieces_of(text, [&](std::string_view said, std::string_view name) {
    result += said;
    if (name.empty()) return;
    const std::string* value = value_of(values, name);
    if (!value) throw Error(ErrorCode::internal, "A remark lacks a value", std::string(name));
    result += *value;
  });
  return result;
}

// The values with which the template is the text; nothing when it is not with any.
std::optional<RemarkValues> values_in(std::string_view form, std::string_view text) {
  RemarkValues values;
  bool fits = true;
  std::string_view waiting;  // the name whose value ends where the next piece begins
  pieces_of(form, [&](std::string_view said, std::string_view name) {
    if (!fits) return;
    const bool last = name.empty();
    const std::size_t at = waiting.empty() ? (text.starts_with(said) ? 0 : std::string_view::npos)
                           : said.empty() && last
                               ? text.size()
                               : (last && text.ends_with(said) ? text.size() - said.size() : text.find(said));
    if (at == std::string_view::npos || (last && at + said.size() != text.size())) {
      fits = false;
      return;
    }
    if (!waiting.empty()) {
      fits = at > 0;
      values.emplace_back(waiting, text.substr(0, at));
    }
    text.remove_prefix(at + said.size());
    waiting = name;
  });
  return fits ? std::optional(values) : std::nullopt;
}

// deeper: how many remarks may stand within one another.
Remark told(std::string_view text, int deeper) {
  for (const Entry& entry : kEntries) {
    auto values = values_in(entry.en, text);
    if (!values) continue;
    RemarkValues chinese = *values;
    for (auto& [name, value] : chinese)
      if (name == "part" && deeper > 0) value = told(value, deeper - 1).zh;
    return {std::string(entry.code), std::move(*values), std::string(text), filled(entry.zh, chinese)};
  }
  return {{}, {}, std::string(text), std::string(text)};
}

}  // namespace

std::string remark(std::string_view code, const RemarkValues& values) {
  const auto entry = std::ranges::find(kEntries, code, &Entry::code);
  if (entry == kEntries.end()) throw Error(ErrorCode::internal, "There is no such remark", std::string(code));
  return filled(entry->en, values);
}

Remark remark_of(std::string_view text) {
  return told(text, kDeepest);
}

}  // namespace meridian::signal
