#include "tools/usance-wasm/commands.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <optional>

#include "base/file.h"
#include "contracts/vm/module_data.h"
#include "tools/usance-wasm/measure.h"
#include "tools/usance-wasm/spec_script.h"

namespace usance::tools {

namespace {

int usage(std::string_view text) {
  std::cerr << "usage: usance-wasm " << text << "\n";
  return 2;
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A module whose export maps one i32 to one i32, as the measuring commands call them.
struct Measured {
  Bytes bytes;
  std::shared_ptr<const vm::Module> module;
  std::uint32_t function = 0;
};

Result<Measured> load(const std::string& path, const std::string& name) {
  Measured m;
  USANCE_ASSIGN(m.bytes, read_bytes(path));
  USANCE_ASSIGN(m.module, vm::compile(m.bytes, vm::Profile::kFull));
  const auto function = m.module->find_function(name);
  if (!function) return fail(ErrorCode::kNotFound, path + " exports no function " + name);
  m.function = *function;
  const vm::FunctionType wanted{{vm::ValueType::kI32}, {vm::ValueType::kI32}};
  if (m.module->function_type(m.function) != wanted) {
    return fail(ErrorCode::kInvalidArgument, name + " is " +
                                                 to_string(m.module->function_type(m.function)) +
                                                 ", not " + to_string(wanted));
  }
  return m;
}

int report(const Error& error) {
  std::cerr << "usance-wasm: " << error.message << "\n";
  return 1;
}

std::vector<std::filesystem::path> scripts_of(const std::string& argument) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(argument)) return {argument};
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(argument, ignored)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Result<Bytes> read_bytes(const std::string& path) {
  constexpr std::size_t kMaxBytes = 256 * 1024 * 1024;  // modules of the full profile, test files
  USANCE_ASSIGN(const std::string content, read_file(path, kMaxBytes));
  return to_bytes(content);
}

int spectest_command(const Arguments& arguments) {
  constexpr std::string_view kUsage =
      "spectest [--profile full|contract] [--dispatch goto|switch] [--digest] [--skips] "
      "DIR|FILE.json...";
  vm::Profile profile = vm::Profile::kFull;
  vm::Dispatch dispatch = vm::Dispatch::kDefault;
  bool digest = false;
  bool list_skips = false;
  std::vector<std::string> inputs;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--profile" && has_value) {
      const std::string& value = arguments[++i];
      if (value != "full" && value != "contract") return usage(kUsage);
      profile = value == "full" ? vm::Profile::kFull : vm::Profile::kContract;
    } else if (arguments[i] == "--dispatch" && has_value) {
      const std::string& value = arguments[++i];
      if (value != "goto" && value != "switch") return usage(kUsage);
      dispatch = value == "goto" ? vm::Dispatch::kGoto : vm::Dispatch::kSwitch;
    } else if (arguments[i] == "--digest") {
      digest = true;
    } else if (arguments[i] == "--skips") {
      list_skips = true;
    } else if (arguments[i].starts_with("--")) {
      return usage(kUsage);
    } else {
      inputs.push_back(arguments[i]);
    }
  }
  if (inputs.empty()) return usage(kUsage);

  SpecCounts counts;
  std::size_t files = 0;
  for (const std::string& input : inputs) {
    for (const auto& path : scripts_of(input)) {
      ++files;
      const auto ran = run_spec_script(path, profile, dispatch, counts);
      if (ran) continue;
      ++counts.failed;
      counts.failures.push_back(ran.error().message);
    }
  }
  for (const std::string& failure : counts.failures) std::cout << "FAILED " << failure << "\n";
  if (list_skips) {
    for (const std::string& skip : counts.skips) std::cout << "SKIPPED " << skip << "\n";
  }
  for (const auto& [reason, n] : counts.skip_reasons) {
    std::cout << "skipped: " << n << " " << reason << "\n";
  }
  if (files == 0) {
    std::cerr << "usance-wasm: no .json files there\n";
    return 1;
  }
  if (digest) std::printf("outcomes %016lx\n", counts.outcomes);
  std::cout << counts.passed << " passed, " << counts.failed << " failed, " << counts.skipped
            << " skipped\n";
  return counts.failed == 0 ? 0 : 1;
}

int run_command(const Arguments& arguments) {
  const auto n = arguments.size() == 3 ? number(arguments[2]) : std::nullopt;
  if (!n) return usage("run FILE EXPORT N");
  const auto measured = load(arguments[0], arguments[1]);
  if (!measured) return report(measured.error());
  auto instance = vm::Instance::create(measured->module, {});
  if (!instance) return report(instance.error());
  NoHost host;
  const vm::Slot args[] = {static_cast<std::uint32_t>(*n)};
  const double before = cpu_milliseconds();
  const vm::Outcome outcome = (*instance)->call(measured->function, args, kUnlimited, host);
  const double took = cpu_milliseconds() - before;
  if (!outcome.ok()) {
    std::cerr << "usance-wasm: trap " << to_string(outcome.trap) << "\n";
    return 1;
  }
  std::printf("%u %.3f\n", static_cast<std::uint32_t>(outcome.results[0]), took);
  std::cerr << "gas " << outcome.gas_used << "\n";
  return 0;
}

int latency_command(const Arguments& arguments) {
  const auto n = arguments.size() == 3 ? number(arguments[2]) : std::nullopt;
  if (!n) return usage("latency FILE EXPORT N");
  auto measured = load(arguments[0], arguments[1]);
  if (!measured) return report(measured.error());
  NoHost host;
  const vm::Slot args[] = {static_cast<std::uint32_t>(*n)};
  constexpr int kColdRuns = 51;
  std::vector<double> cold;
  for (int i = 0; i < kColdRuns; ++i) {
    const double before = cpu_milliseconds();
    auto module = vm::compile(measured->bytes, vm::Profile::kFull);
    if (!module) return report(module.error());
    auto instance = vm::Instance::create(*module, {});
    if (!instance) return report(instance.error());
    const vm::Outcome outcome = (*instance)->call(measured->function, args, kUnlimited, host);
    if (!outcome.ok()) {
      std::cerr << "usance-wasm: trap " << to_string(outcome.trap) << "\n";
      return 1;
    }
    cold.push_back(cpu_milliseconds() - before);
  }
  std::nth_element(cold.begin(), cold.begin() + kColdRuns / 2, cold.end());

  auto instance = vm::Instance::create(measured->module, {});
  if (!instance) return report(instance.error());
  constexpr int kWarmRuns = 2'000;
  std::vector<double> warm;
  for (int batch = 0; batch < 9; ++batch) {
    const double before = cpu_milliseconds();
    for (int i = 0; i < kWarmRuns; ++i) {
      (*instance)->reset();
      if (!(*instance)->call(measured->function, args, kUnlimited, host).ok()) return 1;
    }
    warm.push_back((cpu_milliseconds() - before) / kWarmRuns);
  }
  std::nth_element(warm.begin(), warm.begin() + 4, warm.end());
  std::printf("bytes to result %.1f us, cached module to result %.2f us\n",
              cold[kColdRuns / 2] * 1e3, warm[4] * 1e3);
  return 0;
}

int inspect_command(const Arguments& arguments) {
  if (arguments.size() != 1) return usage("inspect FILE");
  const auto bytes = read_bytes(arguments[0]);
  if (!bytes) return report(bytes.error());
  const auto as_contract = vm::compile(*bytes, vm::Profile::kContract);
  const auto module = as_contract ? as_contract : vm::compile(*bytes, vm::Profile::kFull);
  if (!module) return report(module.error());
  const vm::ModuleData& m = (*module)->data();
  std::cout << "bytes " << bytes->size() << "\n"
            << "contract profile: " << (as_contract ? "accepted" : as_contract.error().message)
            << "\n"
            << "functions " << m.bodies.size() << ", types " << m.types.size() << ", globals "
            << m.globals.size() << ", tables " << m.tables.size() << "\n"
            << "translated code " << m.code.size() * sizeof(vm::CodeUnit) << " bytes, footprint "
            << m.footprint << " bytes\n";
  if (m.has_memory) {
    std::cout << "memory " << m.memory.min << " pages";
    if (m.memory.has_max) std::cout << ", at most " << m.memory.max;
    std::cout << "\n";
  }
  std::cout << "instantiation gas " << m.instantiation_gas << "\n";
  for (const auto& i : m.import_infos) {
    std::cout << "import " << i.module << "." << i.name;
    if (i.kind == vm::ExternKind::kFunction) std::cout << " " << to_string(i.function);
    std::cout << "\n";
  }
  for (const auto& e : m.exports) {
    std::cout << "export " << e.name;
    if (e.kind == vm::ExternKind::kFunction) {
      std::cout << " " << to_string(m.function_type(e.index));
    } else if (e.kind == vm::ExternKind::kMemory) {
      std::cout << " (memory)";
    }
    std::cout << "\n";
  }
  for (const auto& [name, content] : m.custom) {
    std::cout << "custom section " << name << ", " << content.size() << " bytes\n";
  }
  return 0;
}

}  // namespace usance::tools
