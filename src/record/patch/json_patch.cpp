#include "record/patch/json_patch.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "record/patch/nesting.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostOperations = 10'000;
// `copy` may double a document each time it is used.
constexpr std::size_t kMostCopiedBytes = 16u << 20;

[[noreturn]] void leads_nowhere(const std::string& pointer) {
  throw Error(ErrorCode::invalid_value, "The patch's path \"" + pointer.substr(0, 200) + "\" leads nowhere",
              "path");
}

// RFC 6901: "/name/0/given", where ~1 is a slash and ~0 a tilde.
std::vector<std::string> tokens_of(const std::string& pointer) {
  std::vector<std::string> tokens;
  if (!pointer.empty() && pointer[0] != '/') leads_nowhere(pointer);
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      tokens.emplace_back();
    } else if (pointer[i] == '~') {
      const char escaped = i + 1 < pointer.size() ? pointer[++i] : '\0';
      if (escaped != '0' && escaped != '1') leads_nowhere(pointer);
      tokens.back() += escaped == '0' ? '~' : '/';
    } else {
      tokens.back() += pointer[i];
    }
  }
  return tokens;
}

// The index that the token means in an array of the size; at most `most`.
std::size_t index_of(const std::string& token, std::size_t most, const std::string& pointer) {
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  const bool leading_zero = token.size() > 1 && token[0] == '0';
  if (error != std::errc() || stop != end || leading_zero || index > most) leads_nowhere(pointer);
  return index;
}

Json& child_of(Json& parent, const std::string& token, const std::string& pointer) {
  if (parent.is_array()) {
    const std::size_t index = index_of(token, parent.size(), pointer);
    if (index == parent.size()) leads_nowhere(pointer);
    return parent.items()[index];
  }
  Json* child = parent.find(token);
  if (!child) leads_nowhere(pointer);
  return *child;
}

// RFC 6902, 4.6: members in any order, numbers by their value.
bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
  if (a.is_array() && b.is_array())
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), same);
  if (!a.is_object() || !b.is_object()) return a == b;
  return a.size() == b.size() && std::ranges::all_of(a.members(), [&](const Json::Member& member) {
           const Json* other = b.find(member.first);
           return other && same(member.second, *other);
         });
}

class Patcher {
 public:
  explicit Patcher(Json document) : document_(std::move(document)) {}

  void apply(const Json& operation) {
    const std::string name = operation.text("op"), path = pointer(operation, "path");
    if (name == "add")
      add(path, value_of(operation));
    else if (name == "remove")
      take(path);
    else if (name == "replace")
      replace(path, value_of(operation));
    else if (name == "move")
      move(pointer(operation, "from"), path);
    else if (name == "copy")
      copy(pointer(operation, "from"), path);
    else if (name == "test")
      test(path, value_of(operation));
    else
      throw Error(ErrorCode::invalid_structure,
                  "\"" + name.substr(0, 40) + "\" is no operation of a JSON Patch", "op",
                  "Use add, remove, replace, move, copy or test");
  }
  Json finish() { return std::move(document_); }

 private:
  static std::string pointer(const Json& operation, std::string_view member) {
    const Json* found = operation.find(member);
    if (!found || !found->is_string())
      throw Error(ErrorCode::invalid_structure, "An operation of the patch has no " + std::string(member),
                  std::string(member));
    return found->as_string();
  }
  static const Json& value_of(const Json& operation) {
    const Json* found = operation.find("value");
    if (!found) throw Error(ErrorCode::invalid_structure, "An operation of the patch has no value", "value");
    return *found;
  }

  Json& at(const std::string& pointer) {
    Json* place = &document_;
    for (const std::string& token : tokens_of(pointer)) place = &child_of(*place, token, pointer);
    return *place;
  }

  // The last token, and the place it is a name or index in.
  std::pair<Json*, std::string> parent_of(const std::string& pointer) {
    std::vector<std::string> tokens = tokens_of(pointer);
    if (tokens.empty()) return {nullptr, {}};
    const std::string last = tokens.back();
    tokens.pop_back();
    Json* place = &document_;
    for (const std::string& token : tokens) place = &child_of(*place, token, pointer);
    return {place, last};
  }

  void add(const std::string& pointer, Json value) {
    const auto [parent, last] = parent_of(pointer);
    require_shallow(value, tokens_of(pointer).size());
    if (!parent) {
      document_ = std::move(value);
    } else if (parent->is_array()) {
      const std::size_t index = last == "-" ? parent->size() : index_of(last, parent->size(), pointer);
      parent->items().insert(parent->items().begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
    } else if (parent->is_object()) {
      (*parent)[last] = std::move(value);
    } else {
      leads_nowhere(pointer);
    }
  }

  Json take(const std::string& pointer) {
    const auto [parent, last] = parent_of(pointer);
    if (!parent) return std::exchange(document_, Json());
    Json taken = std::move(child_of(*parent, last, pointer));
    if (parent->is_array())
      parent->items().erase(parent->items().begin() +
                            static_cast<std::ptrdiff_t>(index_of(last, parent->size(), pointer)));
    else
      parent->erase(last);
    return taken;
  }

  void replace(const std::string& pointer, const Json& value) {
    require_shallow(value, tokens_of(pointer).size());
    at(pointer) = value;
  }

  void move(const std::string& from, const std::string& to) {
    if (from == to) {
      at(from);
      return;
    }
    if (to.starts_with(from + "/"))
      throw Error(ErrorCode::invalid_value, "The patch moves \"" + from.substr(0, 200) + "\" into itself",
                  "from");
    add(to, take(from));
  }

  void copy(const std::string& from, const std::string& to) {
    Json copied = at(from);
    copied_bytes_ += copied.dump().size();
    if (copied_bytes_ > kMostCopiedBytes)
      throw Error(ErrorCode::too_large, "The patch copies more than the limit of 16 MiB", "from");
    add(to, std::move(copied));
  }

  void test(const std::string& path, const Json& expected) {
    if (same(at(path), expected)) return;
    throw Error(ErrorCode::conflict, "The patch's test of \"" + path.substr(0, 200) + "\" does not hold",
                "path", "Read the resource again and make a new patch");
  }

  Json document_;
  std::size_t copied_bytes_ = 0;
};

}  // namespace

Json apply_json_patch(Json document, const Json& patch) {
  if (!patch.is_array()) throw Error(ErrorCode::invalid_structure, "A JSON Patch is an array of operations");
  if (patch.size() > kMostOperations)
    throw Error(ErrorCode::too_large,
                "The patch has more than " + std::to_string(kMostOperations) + " operations");
  Patcher patcher(std::move(document));
  for (const Json& operation : patch.items()) patcher.apply(operation);
  return patcher.finish();
}

}  // namespace meridian::record
