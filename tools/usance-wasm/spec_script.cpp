#include "tools/usance-wasm/spec_script.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "tools/usance-wasm/spec_store.h"

namespace usance::tools {

namespace {

using nlohmann::json;
using vm::ValueType;

Result<Bytes> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::kIo, "cannot read " + path.string());
  return Bytes((std::istreambuf_iterator<char>(file)), {});
}

// The trap that the suite means by its text.
bool is_expected_trap(TrapCode trap, std::string_view text) {
  static const std::map<std::string_view, TrapCode, std::less<>> kTexts = {
      {"unreachable", TrapCode::kUnreachable},
      {"out of bounds memory access", TrapCode::kMemoryOutOfBounds},
      {"out of bounds table access", TrapCode::kTableOutOfBounds},
      {"undefined element", TrapCode::kTableOutOfBounds},
      {"indirect call type mismatch", TrapCode::kIndirectCallType},
      {"integer divide by zero", TrapCode::kIntegerDivideByZero},
      {"integer overflow", TrapCode::kIntegerOverflow},
      {"invalid conversion to integer", TrapCode::kInvalidConversion},
  };
  if (text.starts_with("uninitialized element")) return trap == TrapCode::kUninitializedElement;
  if (text == "call stack exhausted") {
    return trap == TrapCode::kCallDepth || trap == TrapCode::kStackOverflow;
  }
  const auto found = kTexts.find(text);
  return found != kTexts.end() && found->second == trap;
}

vm::Slot argument(const json& value) {
  const std::string type = value.at("type");
  const std::string text = value.value("value", "null");
  if (type == "externref" || type == "funcref") return text == "null" ? 0 : std::stoull(text) + 1;
  return std::stoull(text);
}

// Whether the slot is what the suite expects of this result.
bool is_expected(vm::Slot slot, const json& expected) {
  const std::string type = expected.at("type");
  if (type == "externref" || type == "funcref") {
    if (!expected.contains("value")) return slot != 0;
    return slot == argument(expected);
  }
  const std::string text = expected.at("value");
  if (text.starts_with("nan:")) {
    const bool wide = type == "f64";
    const vm::Slot quiet = wide ? 0x7ff8000000000000u : 0x7fc00000u;
    const vm::Slot sign = wide ? 0x8000000000000000u : 0x80000000u;
    if (text == "nan:canonical") return (slot & ~sign) == quiet;
    return (slot & quiet) == quiet;
  }
  return slot == std::stoull(text);
}

class Script {
 public:
  Script(const std::filesystem::path& json_path, vm::Profile profile, vm::Dispatch dispatch,
         SpecCounts& counts)
      : folder_(json_path.parent_path()),
        name_(json_path.stem().string()),
        profile_(profile),
        dispatch_(dispatch),
        counts_(counts) {}

  void run(const json& command) {
    const std::string type = command.at("type");
    line_ = command.value("line", 0);
    if (type == "module") return module(command);
    if (type == "register") return register_module(command);
    if (type == "action" || type == "assert_return") return assert_return(command);
    if (type == "assert_trap" || type == "assert_exhaustion") return assert_trap(command);
    if (type == "assert_malformed" || type == "assert_invalid") return assert_refused(command);
    if (type == "assert_unlinkable" || type == "assert_uninstantiable") {
      return assert_not_instantiated(command, type == "assert_unlinkable");
    }
    failed("unknown command " + type);
  }

 private:
  enum class Compiled { kYes, kNo, kRefusedByProfile };
  struct Named {
    vm::Instance* instance = nullptr;
    bool skipped = false;
  };
  struct Ran {
    vm::Outcome outcome;
    bool usable = false;  // false: the verdict has been counted already
  };

  void passed() { ++counts_.passed; }
  void failed(const std::string& what) {
    // A module that the profile refuses may have been about to fill a table that others share.
    if (shared_state_missing_) return skipped("tests after a refused module that shares state");
    ++counts_.failed;
    counts_.failures.push_back(name_ + ":" + std::to_string(line_) + ": " + what);
  }
  void skipped(const std::string& reason) {
    ++counts_.skipped;
    auto& reasons = counts_.skip_reasons;
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
      reasons.push_back(reason);
    }
  }

  Compiled compile(const json& command, std::shared_ptr<const vm::Module>& module,
                   std::string& error) {
    auto bytes = read_file(folder_ / command.at("filename").get<std::string>());
    if (!bytes) {
      error = bytes.error().message;
      return Compiled::kNo;
    }
    auto compiled = vm::compile(*bytes, profile_);
    if (compiled) {
      module = *compiled;
      return Compiled::kYes;
    }
    error = compiled.error().message;
    if (profile_ == vm::Profile::kFull) return Compiled::kNo;
    const auto full = vm::compile(*bytes, vm::Profile::kFull);
    if (!full) return Compiled::kNo;
    for (const vm::ImportInfo& import : (*full)->imports()) {
      if (import.module != "spectest" && import.kind != vm::ExternKind::kFunction) {
        shared_state_missing_ = true;
      }
    }
    return Compiled::kRefusedByProfile;
  }

  void module(const json& command) {
    std::shared_ptr<const vm::Module> compiled;
    std::string error;
    current_ = {};
    const Compiled verdict = compile(command, compiled, error);
    if (verdict == Compiled::kRefusedByProfile) {
      current_.skipped = true;
      skipped("modules that the contract profile refuses");
    } else if (verdict == Compiled::kNo) {
      failed("module refused: " + error);
    } else {
      const auto made = store_.instantiate(compiled, dispatch_);
      if (made.instance != nullptr && made.trap == TrapCode::kNone) {
        current_.instance = made.instance;
        passed();
      } else if (profile_ == vm::Profile::kContract && made.instance == nullptr) {
        // It imports from a module that the profile refuses.
        current_.skipped = true;
        skipped("modules that the contract profile refuses");
      } else {
        failed("not instantiated: " + made.error + std::string(to_string(made.trap)));
      }
    }
    if (command.contains("name")) named_[command.at("name").get<std::string>()] = current_;
  }

  Named find(const json& command) {
    if (!command.contains("module")) return current_;
    const auto found = named_.find(command.at("module").get<std::string>());
    return found == named_.end() ? Named{} : found->second;
  }

  void register_module(const json& command) {
    const Named named =
        command.contains("name") ? named_[command.at("name").get<std::string>()] : current_;
    if (named.instance == nullptr) {
      return named.skipped ? skipped("modules that the contract profile refuses")
                           : failed("nothing to register");
    }
    store_.register_as(command.at("as").get<std::string>(), named.instance);
    passed();
  }

  Ran perform(const json& action) {
    Ran ran;
    const Named named = find(action);
    if (named.instance == nullptr) {
      named.skipped ? skipped("modules that the contract profile refuses")
                    : failed("there is no instance to run this in");
      return ran;
    }
    const std::string field = action.at("field");
    ran.usable = true;
    if (action.at("type") == "get") {
      const auto value = store_.global(*named.instance, field);
      if (value) {
        ran.outcome.results = {*value};
      } else {
        failed("no global " + field);
        ran.usable = false;
      }
      return ran;
    }
    std::vector<vm::Slot> args;
    for (const json& value : action.at("args")) args.push_back(argument(value));
    ran.outcome = store_.call(*named.instance, field, args, dispatch_);
    const vm::FunctionType* type = store_.function_type(*named.instance, field);
    if (type != nullptr) note(ran.outcome, *type);
    return ran;
  }

  void note(const vm::Outcome& outcome, const vm::FunctionType& type) {
    // FNV-1a over whole words.
    const auto mix = [this](std::uint64_t word) {
      counts_.outcomes = (counts_.outcomes ^ word) * 0x100000001b3u;
    };
    mix(static_cast<std::uint64_t>(outcome.trap));
    mix(outcome.gas_used);
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
      if (!is_reference(type.results[i])) mix(outcome.results[i]);
    }
  }

  void assert_return(const json& command) {
    const Ran ran = perform(command.at("action"));
    if (!ran.usable) return;
    if (!ran.outcome.ok()) {
      return failed("trapped: " + std::string(to_string(ran.outcome.trap)));
    }
    // An action's "expected" has types only.
    if (command.at("type") == "action") return passed();
    const json& expected = command.at("expected");
    if (expected.size() != ran.outcome.results.size()) return failed("wrong number of results");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!is_expected(ran.outcome.results[i], expected[i])) {
        return failed("result " + std::to_string(ran.outcome.results[i]) + ", expected " +
                      expected[i].dump());
      }
    }
    passed();
  }

  void assert_trap(const json& command) {
    const Ran ran = perform(command.at("action"));
    if (!ran.usable) return;
    const std::string text = command.at("text");
    if (is_expected_trap(ran.outcome.trap, text)) return passed();
    failed("expected the trap '" + text + "', got " + std::string(to_string(ran.outcome.trap)));
  }

  void assert_refused(const json& command) {
    if (command.value("module_type", "") == "text") {
      return skipped("modules in text form");
    }
    std::shared_ptr<const vm::Module> module;
    std::string error;
    const Compiled verdict = compile(command, module, error);
    if (verdict == Compiled::kNo) return passed();
    failed("accepted, should be refused: " + command.value("text", ""));
  }

  void assert_not_instantiated(const json& command, bool unlinkable) {
    if (command.value("module_type", "") == "text") {
      return skipped("modules in text form");
    }
    std::shared_ptr<const vm::Module> module;
    std::string error;
    const Compiled verdict = compile(command, module, error);
    if (verdict == Compiled::kRefusedByProfile) {
      return skipped("modules that the contract profile refuses");
    }
    if (verdict == Compiled::kNo) return failed("module refused: " + error);
    const auto made = store_.instantiate(module, dispatch_);
    const std::string text = command.value("text", "");
    if (unlinkable) {
      return made.instance == nullptr ? passed() : failed("linked, should not: " + text);
    }
    if (made.instance != nullptr && is_expected_trap(made.trap, text)) return passed();
    failed("expected the trap '" + text + "', got " + made.error +
           std::string(to_string(made.trap)));
  }

  std::filesystem::path folder_;
  std::string name_;
  vm::Profile profile_;
  vm::Dispatch dispatch_;
  SpecCounts& counts_;
  SpecStore store_;
  Named current_;
  std::map<std::string, Named> named_;
  bool shared_state_missing_ = false;
  int line_ = 0;
};

}  // namespace

Result<void> run_spec_script(const std::filesystem::path& path, vm::Profile profile,
                             vm::Dispatch dispatch, SpecCounts& counts) {
  USANCE_ASSIGN(const Bytes text, read_file(path));
  // The library throws on a malformed file or an unexpected shape.
  try {
    const json script = json::parse(text.begin(), text.end());
    Script runner(path, profile, dispatch, counts);
    for (const json& command : script.at("commands")) runner.run(command);
  } catch (const std::exception& e) {
    return fail(ErrorCode::kMalformed, path.string() + ": not a converted test file: " + e.what());
  }
  return {};
}

}  // namespace usance::tools
