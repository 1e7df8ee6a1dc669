#include "tools/usance-wasm/spec_script.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "contracts/vm/reader.h"
#include "tools/usance-wasm/measure.h"
#include "tools/usance-wasm/spec_store.h"
#include "tools/usance-wasm/spec_values.h"

namespace usance::tools {

namespace {

using nlohmann::json;

// Why commands are skipped.
constexpr const char* kTextForm = "modules in text form";
constexpr const char* kSimd = "modules with SIMD";
constexpr const char* kRefused = "modules that the contract profile refuses";
constexpr const char* kDependent = "commands on modules that were skipped";
constexpr const char* kSharedState = "commands behind a refused module that shares state";
constexpr const char* kLater = "commands of later proposals";

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
    if (type == "module_definition") return define(command);
    if (type == "module_instance") return instance_of(command);
    if (type == "register") return register_module(command);
    if (type == "action" || type == "assert_return") return assert_return(command);
    if (type == "assert_trap" || type == "assert_exhaustion") return assert_trap(command);
    if (type == "assert_malformed" || type == "assert_invalid") return assert_refused(command);
    if (type == "assert_unlinkable" || type == "assert_uninstantiable") {
      return assert_not_instantiated(command, type == "assert_unlinkable");
    }
    // assert_exception, assert_suspension, thread, wait.
    skipped(kLater);
  }

 private:
  enum class Compiled { kYes, kNo, kVectors, kRefusedByProfile, kUnreadable };
  struct Definition {
    std::shared_ptr<const vm::Module> module;
    bool skipped = false;
  };
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
    if (shared_state_missing_) return skipped(kSharedState);
    ++counts_.failed;
    counts_.failures.push_back(name_ + ":" + std::to_string(line_) + ": " + what);
  }
  void skipped(const std::string& reason) {
    ++counts_.skipped;
    ++counts_.skip_reasons[reason];
    counts_.skips.push_back(name_ + ":" + std::to_string(line_) + ": " + reason);
  }

  Compiled compile(const json& command, std::shared_ptr<const vm::Module>& module,
                   std::string& error) {
    const auto binary = text(command, "binary_filename");
    auto bytes =
        read_bytes(folder_ / (binary ? *binary : command.at("filename").get<std::string>()));
    if (!bytes) {
      error = bytes.error().message;
      return Compiled::kUnreadable;
    }
    auto compiled = vm::compile(*bytes, profile_);
    if (compiled) {
      module = *compiled;
      return Compiled::kYes;
    }
    error = compiled.error().message;
    if (error.find(vm::kSimdRefused) != std::string::npos) return Compiled::kVectors;
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

  static const char* skip_reason(Compiled verdict) {
    if (verdict == Compiled::kVectors) return kSimd;
    return verdict == Compiled::kRefusedByProfile ? kRefused : nullptr;
  }

  void module(const json& command) {
    Definition made = compiled(command);
    current_ = instantiated(made);
    remember(command, "name", current_);
  }

  // A module that later commands instantiate, as often as they like.
  void define(const json& command) {
    last_definition_ = compiled(command);
    if (last_definition_.module != nullptr) passed();
    if (const auto name = text(command, "name")) definitions_[*name] = last_definition_;
  }

  void instance_of(const json& command) {
    Definition definition = last_definition_;
    if (const auto name = text(command, "module")) {
      const auto found = definitions_.find(*name);
      definition = found == definitions_.end() ? Definition{} : found->second;
    }
    if (definition.module == nullptr && !definition.skipped) {
      current_ = {};
      return failed("no definition to make an instance of");
    }
    current_ = instantiated(definition);
    remember(command, "instance", current_);
  }

  // Counts the verdict unless there is a module.
  Definition compiled(const json& command) {
    Definition made;
    if (is_text(command)) {
      made.skipped = true;
      skipped(kTextForm);
      return made;
    }
    std::string error;
    const Compiled verdict = compile(command, made.module, error);
    if (const char* reason = skip_reason(verdict)) {
      made.skipped = true;
      skipped(reason);
    } else if (verdict != Compiled::kYes) {
      failed("module refused: " + error);
    }
    return made;
  }

  // Counts the verdict if there is a module.
  Named instantiated(const Definition& definition) {
    Named named;
    named.skipped = definition.skipped;
    if (definition.module == nullptr) return named;
    const auto made = store_.instantiate(definition.module, dispatch_);
    if (made.instance != nullptr && made.trap == TrapCode::kNone) {
      named.instance = made.instance;
      passed();
    } else if (profile_ == vm::Profile::kContract && made.instance == nullptr) {
      // It imports from a module that the profile refuses.
      named.skipped = true;
      skipped(kRefused);
    } else {
      failed("not instantiated: " + made.error + std::string(to_string(made.trap)));
    }
    return named;
  }

  // Nothing also where a converter writes null.
  static std::optional<std::string> text(const json& command, const char* key) {
    if (!command.contains(key) || !command.at(key).is_string()) return std::nullopt;
    return command.at(key).get<std::string>();
  }
  void remember(const json& command, const char* key, const Named& named) {
    if (const auto name = text(command, key)) named_[*name] = named;
  }
  // Some converters give a text's binary form beside it.
  static bool is_text(const json& command) {
    return command.value("module_type", "binary") == "text" && !text(command, "binary_filename");
  }

  Named find(const json& command) {
    const auto name = text(command, "module");
    if (!name) return current_;
    const auto found = named_.find(*name);
    return found == named_.end() ? Named{} : found->second;
  }

  void register_module(const json& command) {
    const auto name = text(command, "name");
    const Named named = name ? named_[*name] : current_;
    if (named.instance == nullptr) {
      return named.skipped ? skipped(kDependent) : failed("nothing to register");
    }
    store_.register_as(command.at("as").get<std::string>(), named.instance);
    passed();
  }

  Ran perform(const json& action) {
    Ran ran;
    const Named named = find(action);
    if (named.instance == nullptr) {
      named.skipped ? skipped(kDependent) : failed("there is no instance to run this in");
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
    for (const json& value : action.at("args")) {
      const auto slot = spec_argument(value);
      if (!slot) {
        skipped(kLater);
        ran.usable = false;
        return ran;
      }
      args.push_back(*slot);
    }
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
    if (command.contains("either")) {
      // Several answers that are right, of one result.
      const json either = {{"type", "either"}, {"values", command.at("either")}};
      const auto& results = ran.outcome.results;
      return results.size() == 1 && is_expected(results[0], either) ? passed()
                                                                    : failed("none of either");
    }
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
    if (is_text(command)) return skipped(kTextForm);
    std::shared_ptr<const vm::Module> module;
    std::string error;
    const Compiled verdict = compile(command, module, error);
    if (verdict == Compiled::kNo) return passed();
    // Refused, but for another reason than the one that is tested.
    if (verdict == Compiled::kVectors) return skipped(kSimd);
    if (verdict == Compiled::kUnreadable) return failed(error);
    failed("accepted, should be refused: " + command.value("text", ""));
  }

  void assert_not_instantiated(const json& command, bool unlinkable) {
    if (is_text(command)) return skipped(kTextForm);
    std::shared_ptr<const vm::Module> module;
    std::string error;
    const Compiled verdict = compile(command, module, error);
    if (const char* reason = skip_reason(verdict)) return skipped(reason);
    if (verdict != Compiled::kYes) return failed("module refused: " + error);
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
  Definition last_definition_;
  std::map<std::string, Definition> definitions_;
  bool shared_state_missing_ = false;
  int line_ = 0;
};

}  // namespace

Result<void> run_spec_script(const std::filesystem::path& path, vm::Profile profile,
                             vm::Dispatch dispatch, SpecCounts& counts) {
  USANCE_ASSIGN(const Bytes text, read_bytes(path));
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
