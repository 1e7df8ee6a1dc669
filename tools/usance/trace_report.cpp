#include "tools/usance/trace_report.h"

#include <algorithm>

#include "contracts/vm/places.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/transact.h"

namespace usance::cli {

namespace {

constexpr std::size_t kFunctionsShown = 12;

std::string spaces(unsigned indent) {
  return std::string(indent, ' ');
}

std::string message_line(const render::Interface* interface, const render::Descriptor* type,
                         ByteView bytes) {
  if (interface != nullptr && type != nullptr)
    if (const auto message = interface->decode(*type, bytes))
      return render::to_line(**message, render::kLineBytes);
  return render::show_bytes(bytes);
}

Json message_json(const render::Interface* interface, const render::Descriptor* type,
                  ByteView bytes) {
  if (interface != nullptr && type != nullptr)
    if (const auto message = interface->decode(*type, bytes)) return render::to_json(**message);
  return Json{{"bytes", to_hex(bytes)}};
}

const google::protobuf::MethodDescriptor* method_of(const render::Interface* interface,
                                                    const std::string& name) {
  if (interface == nullptr) return nullptr;
  const auto method = interface->method(name);
  return method ? *method : nullptr;
}

const render::Descriptor* record_type(const render::Interface* interface, const Bytes& item) {
  return interface == nullptr ? nullptr : interface->record_of_item(item);
}

Receipt receipt_of(const TracedCall& call) {
  Receipt out;
  out.status = call.status;
  out.code = call.code;
  out.contract = call.contract;
  out.detail = call.detail;
  out.gas_used = call.gas;
  return out;
}

std::string gas_column(std::uint64_t gas) {
  std::string out = std::to_string(gas);
  if (out.size() < 9) out.insert(0, 9 - out.size(), ' ');
  return out + "  ";
}

}  // namespace

const render::Interface* TraceReport::interface_of(const TracedCall& call) {
  auto found = interfaces_.find(call.contract);
  if (found == interfaces_.end()) {
    std::optional<render::Interface> interface;
    if (!call.interface.empty()) {
      if (auto parsed = render::Interface::parse(call.contract, call.interface))
        interface = *std::move(parsed);
    } else if (auto fetched = fetch_interface(client_, call.contract)) {
      interface = *std::move(fetched);
    }
    found = interfaces_.emplace(call.contract, std::move(interface)).first;
  }
  return found->second ? &*found->second : nullptr;
}

std::string TraceReport::function_name(const std::string& contract, std::uint32_t number) const {
  const auto found = symbols_.find(contract);
  if (found != symbols_.end() && number < found->second.names.size() &&
      !found->second.names[number].empty())
    return found->second.names[number];
  return "function " + std::to_string(number);
}

std::optional<TraceReport::TrapPlace> TraceReport::trap_place(const TracedCall& call) {
  const auto found = trap_places_.find(&call);
  if (found != trap_places_.end()) return found->second;
  return trap_places_.emplace(&call, find_trap_place(call)).first->second;
}

std::optional<TraceReport::TrapPlace> TraceReport::find_trap_place(const TracedCall& call) const {
  const auto found = symbols_.find(call.contract);
  if (found == symbols_.end() || call.trap == TrapCode::kNone) return std::nullopt;
  const auto places = vm::find_places(found->second.code, vm::Profile::kContract);
  if (!places) return std::nullopt;
  const auto offset = vm::offset_of(*places, call.trap_code);
  if (!offset) return std::nullopt;
  return TrapPlace{*offset, source_of_optimised(found->second.build, found->second.code, *offset)};
}

std::string TraceReport::trap_text(const TracedCall& call) {
  if (call.trap == TrapCode::kNone || call.trap_stack.empty()) return "";
  std::string out = "in " + function_name(call.contract, call.trap_stack.back());
  if (const auto place = trap_place(call)) {
    const std::string offset = "offset " + std::to_string(place->offset) + " of the module";
    out += place->source ? " at " + place->source->file + ":" +
                               std::to_string(place->source->line) + " (" + offset + ")"
                         : " at " + offset;
  }
  for (auto at = call.trap_stack.rbegin() + 1; at != call.trap_stack.rend(); ++at)
    out += "\n  called by " + function_name(call.contract, *at);
  return out;
}

std::string TraceReport::step_text(const TracedCall& call, const TracedStep& step) {
  const render::Interface* interface = interface_of(call);
  const std::string key = render::show_name(step.first) + " " + render::show_name(step.second);
  const std::string& f = step.function;
  std::string out = gas_column(step.gas) + f;
  if (f == "get" || f == "put" || f == "next") {
    out += " " + key;
    if (step.value)
      out += (f == "put" ? " <- " : " -> ") +
             message_line(interface, record_type(interface, step.second), *step.value);
    else if (step.number < 0)
      out += " -> nothing";
  } else if (f == "has" || f == "del") {
    out += " " + key + (step.number == 0 ? " -> no" : " -> yes");
  } else if (f == "emit") {
    const std::string name(as_text(step.first));
    const render::Descriptor* type = interface == nullptr ? nullptr : interface->message(name);
    out += " " + name + " " + message_line(interface, type, step.value.value_or(Bytes()));
  } else if (f == "schedule") {
    out += " " + std::string(as_text(step.first)) + " at " + render::format_time(step.number);
  } else if (f == "context") {
    static const std::vector<std::string> kFields = {
        "organisation",     "user",        "public key", "roles", "permissions", "self",
        "calling contract", "transaction", "kind"};
    const auto field = static_cast<std::size_t>(step.number);
    if (field < kFields.size()) out += " " + kFields[field];
    if (step.value && field != 8) out += " -> " + render::show_bytes(*step.value);
  } else if (f == "log") {
    out += " " + render::show_bytes(step.value.value_or(Bytes()), render::kLineBytes);
  } else if (f == "call" && !step.inner) {
    out += " " + key + " -> refused, status " + std::to_string(step.number);
  }
  if (step.trap != TrapCode::kNone) out += "  trap " + std::string(to_string(step.trap));
  return out;
}

std::string TraceReport::text(const TracedCall& call, unsigned indent) {
  const render::Interface* interface = interface_of(call);
  const auto* method = method_of(interface, call.method);
  std::string out =
      spaces(indent) + call.contract + "." + call.method + " " +
      message_line(interface, method == nullptr ? nullptr : method->input_type(), call.arguments) +
      "\n";
  for (const TracedStep& step : call.steps) {
    // What is in every call and changes nothing says little: the summary below counts it.
    static const std::vector<std::string> kPlumbing = {"method", "arguments", "call_result",
                                                       "finish", "abort"};
    if (std::find(kPlumbing.begin(), kPlumbing.end(), step.function) != kPlumbing.end()) continue;
    if (step.inner)
      out += text(*step.inner, indent + 2);
    else
      out += spaces(indent + 2) + step_text(call, step) + "\n";
  }
  out += spaces(indent + 2) + "= " + outcome_text(receipt_of(call), interface);
  if (call.status == ReceiptStatus::kOk && method != nullptr && !call.result.empty())
    out += " " + message_line(interface, method->output_type(), call.result);
  out += "  (gas " + std::to_string(call.gas) + ")\n";
  const std::string trap = trap_text(call);
  if (!trap.empty()) out += spaces(indent + 4) + trap + "\n";
  if (call.functions.empty()) return out;
  std::uint64_t own = 0;
  for (const FunctionGas& one : call.functions) own += one.gas;
  out += spaces(indent + 2) + "gas of its own instructions: " + std::to_string(own) + "\n";
  const std::size_t shown = std::min(call.functions.size(), kFunctionsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const FunctionGas& one = call.functions[i];
    out += spaces(indent + 4) + gas_column(one.gas) + function_name(call.contract, one.function) +
           (one.calls == 1 ? "" : ", " + std::to_string(one.calls) + " times") + "\n";
  }
  if (shown < call.functions.size())
    out += spaces(indent + 4) + "and " + std::to_string(call.functions.size() - shown) + " more\n";
  return out;
}

Json TraceReport::step_json(const TracedCall& call, const TracedStep& step) {
  const render::Interface* interface = interface_of(call);
  Json out{{"function", step.function}, {"gas", step.gas}};
  const std::string& f = step.function;
  if (f == "get" || f == "has" || f == "put" || f == "del" || f == "next") {
    out["scope"] = render::show_name(step.first);
    out["item"] = render::show_name(step.second);
    if (step.value) {
      const render::Descriptor* type = record_type(interface, step.second);
      if (type != nullptr) out["record"] = type->name();
      out["value"] = message_json(interface, type, *step.value);
    }
    if (f != "put") out["present"] = f == "has" || f == "del" ? step.number != 0 : step.number >= 0;
  } else if (f == "emit") {
    const std::string name(as_text(step.first));
    out["event"] = name;
    out["data"] = message_json(interface, interface == nullptr ? nullptr : interface->message(name),
                               step.value.value_or(Bytes()));
  } else if (f == "schedule") {
    out["method"] = std::string(as_text(step.first));
    out["at_ms"] = step.number;
  } else if (f == "log" || f == "abort") {
    out["text"] = std::string(as_text(step.value.value_or(Bytes())));
  }
  if (step.trap != TrapCode::kNone) out["trap"] = to_string(step.trap);
  if (step.inner) out["call"] = json(*step.inner);
  return out;
}

Json TraceReport::json(const TracedCall& call) {
  const render::Interface* interface = interface_of(call);
  const auto* method = method_of(interface, call.method);
  Json out{{"contract", call.contract}, {"method", call.method}};
  out["arguments"] =
      message_json(interface, method == nullptr ? nullptr : method->input_type(), call.arguments);
  out["outcome"] = outcome_json(receipt_of(call), interface);
  out["gas"] = call.gas;
  Json steps = Json::array();
  for (const TracedStep& step : call.steps) steps.push_back(step_json(call, step));
  out["steps"] = steps;
  Json functions = Json::array();
  for (const FunctionGas& one : call.functions)
    functions.push_back({{"function", function_name(call.contract, one.function)},
                         {"calls", one.calls},
                         {"gas", one.gas}});
  out["functions"] = functions;
  if (call.trap != TrapCode::kNone) {
    Json stack = Json::array();
    for (const std::uint32_t one : call.trap_stack)
      stack.push_back(function_name(call.contract, one));
    out["trap_stack"] = stack;
    if (const auto place = trap_place(call)) {
      out["trap_offset"] = place->offset;
      if (place->source)
        out["trap_source"] = {{"file", place->source->file}, {"line", place->source->line}};
    }
  }
  return out;
}

}  // namespace usance::cli
