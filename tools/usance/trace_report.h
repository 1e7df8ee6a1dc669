// A trace as people and programs read it: arguments, records and events decoded by the interface
// that the code itself carries.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/usance/call_trace.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "tools/usance/source_places.h"

namespace usance::cli {

class TraceReport {
 public:
  // The client must outlive it; it is asked for the interfaces of the system's contracts.
  explicit TraceReport(const Client& client) : client_(client) {}

  // A contract's function names, its module, and what its build left, for the places of traps.
  struct Symbols {
    std::vector<std::string> names;
    Bytes code;
    BuildFiles build;
  };
  void add_symbols(const std::string& contract, Symbols symbols) {
    symbols_[contract] = std::move(symbols);
  }

  // The calls must outlive the report.
  [[nodiscard]] std::string text(const TracedCall& call, unsigned indent = 0);
  [[nodiscard]] Json json(const TracedCall& call);

 private:
  [[nodiscard]] const render::Interface* interface_of(const TracedCall& call);
  [[nodiscard]] std::string function_name(const std::string& contract, std::uint32_t number) const;
  [[nodiscard]] std::string step_text(const TracedCall& call, const TracedStep& step);
  [[nodiscard]] Json step_json(const TracedCall& call, const TracedStep& step);
  // "in f at deposit/books.cpp:41 (offset 1234 of the module)"
  [[nodiscard]] std::string trap_text(const TracedCall& call);
  struct TrapPlace {
    std::uint32_t offset = 0;  // in the module
    std::optional<SourceLine> source;
  };
  [[nodiscard]] std::optional<TrapPlace> find_trap_place(const TracedCall& call) const;
  // Found once: it takes the optimiser and the symboliser a second.
  [[nodiscard]] std::optional<TrapPlace> trap_place(const TracedCall& call);

  const Client& client_;
  std::map<std::string, std::optional<render::Interface>> interfaces_;
  std::map<std::string, Symbols> symbols_;
  std::map<const TracedCall*, std::optional<TrapPlace>> trap_places_;  // of the calls shown so far
};

}  // namespace usance::cli
