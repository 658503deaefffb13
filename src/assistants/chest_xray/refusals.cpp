#include "assistants/chest_xray/refusals.h"

namespace meridian::assistants::chest_xray {

engine::Refusal refusal(Reason reason) {
  switch (reason) {
    case Reason::too_small:
      return {"too-small",
              {"Not analysed, because the picture is too small: at least 160 pixels a side are needed.",
               "未分析：图像太小，每边至少需要160像素。"}};
    case Reason::blank:
      return {"blank",
              {"Not analysed, because the picture is blank or nearly so.", "未分析：图像为空白或几乎空白。"}};
    case Reason::other_modality:
      return {"other-modality",
              {"Not analysed, because this is not a radiograph: its modality is another one.",
               "未分析：影像类型不是X线平片。"}};
    case Reason::other_body_part:
      return {"other-body-part",
              {"Not analysed, because the film is marked as one of another part of the body.",
               "未分析：该片标记的部位不是胸部。"}};
    case Reason::lateral_view:
      return {"lateral-film",
              {"Not analysed, because this is a lateral or oblique film; a frontal one is needed.",
               "未分析：这是侧位或斜位片，需要正位胸片。"}};
    case Reason::child:
      return {"outside-intended-age",
              {"Not analysed, because the patient is younger than 15 years.", "未分析：患者不足15岁。"}};
    case Reason::not_a_chest_film:
      return {"not-a-chest-film",
              {"Not analysed, because this does not look like a frontal chest film.",
               "未分析：该图像不像正位胸片。"}};
    case Reason::inverted:
      return {"inverted",
              {"Not analysed, because black and white are exchanged; send the film with bone white.",
               "未分析：黑白反转，请发送骨骼为白色的胸片。"}};
    case Reason::turned:
      return {"turned",
              {"Not analysed, because the film is not upright.", "未分析：胸片方向不正，请旋转为直立方向。"}};
    case Reason::lungs_not_found:
      return {
          "lungs-not-found",
          {"Not analysed, because two lungs were not found on the film.", "未分析：未能在片中找到双肺。"}};
  }
  return {};
}

}  // namespace meridian::assistants::chest_xray
