#include "contracts/vm/types.h"

namespace usance::vm {

std::string_view to_string(ValueType type) {
  switch (type) {
    case ValueType::kUnknown: return "any";
    case ValueType::kI32: return "i32";
    case ValueType::kI64: return "i64";
    case ValueType::kF32: return "f32";
    case ValueType::kF64: return "f64";
    case ValueType::kFuncRef: return "funcref";
    case ValueType::kExternRef: return "externref";
  }
  return "invalid";
}

std::string to_string(const FunctionType& type) {
  const auto list = [](const std::vector<ValueType>& types) {
    std::string text = "[";
    for (const ValueType t : types) {
      if (text.size() > 1) text += ' ';
      text += to_string(t);
    }
    return text + "]";
  };
  return list(type.params) + " -> " + list(type.results);
}

}  // namespace usance::vm
