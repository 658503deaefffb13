// A card that is complete and valid, for tests to use and to spoil.
#pragma once
#include <string>

#include "base/json.h"

namespace meridian::engine {

inline Json sample_card(const std::string& id = "sample", const std::string& modality = "ECG") {
  Json card = Json::parse(R"({
    "id": "sample", "version": "1.0.0",
    "title": {"en": "Sample reader", "zh": "示例判读"},
    "intended_use": {"en": "Tests", "zh": "测试"},
    "not_for": {"en": "People", "zh": "病人"},
    "inputs": {"kind": "recording", "text": {"en": "Any", "zh": "任意"}},
    "outputs": {
      "report": {"code": {"system": "http://loinc.org", "code": "11524-6", "display": "EKG study"}, "category": "EC"},
      "findings": [{"code": {"system": "http://snomed.info/sct", "code": "49436004", "display": "Atrial fibrillation"},
                    "text": {"en": "Atrial fibrillation", "zh": "心房颤动"}}]
    },
    "triggers": [{"on": "instance", "modalities": ["ECG"]}, {"on": "on_demand"}],
    "evidence": [{"data": "none", "part": {"en": "none", "zh": "无"}, "command": "ctest",
                  "metrics": [{"name": {"en": "sensitivity", "zh": "敏感度"}, "value": 0.5, "interval": [0.4, 0.6], "n": 10}]}],
    "limits": [{"en": "Knows nothing", "zh": "一无所知"}],
    "training_data": [{"name": "none", "licence": "CC0", "use": {"en": "none", "zh": "无"}}],
    "models": [{"file": "absent.onnx", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}],
    "operating_point": {"threshold": 0.5, "why": {"en": "A test", "zh": "测试"}}
  })");
  card["id"] = id;
  card["triggers"].items().front()["modalities"] = Json::array({modality});
  return card;
}

}  // namespace meridian::engine
