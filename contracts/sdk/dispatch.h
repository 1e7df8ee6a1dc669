// From the invocation's method name to a typed handler: what generated dispatchers are made of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "contracts/sdk/context.h"
#include "contracts/sdk/method_rules.h"

namespace usance::contract {

// Ends the call with a standard error unless the method's rules admit this invocation.
void admit(Context& ctx, const MethodRules& rules);
[[noreturn]] void unknown_method(std::string_view name);
[[noreturn]] void malformed_arguments(std::string_view request, WireError error,
                                      std::uint32_t field);

// Checks the rules, decodes the request, runs the handler and sets the response. Made once for each
// pair of request and response, because a module's size depends on it.
template <class Contract, class Request, class Response>
void serve(Context& ctx, const MethodRules& rules, Contract& contract,
           Response (Contract::*handler)(Context&, const Request&)) {
  admit(ctx, rules);
  Request request;
  const Bytes raw = ctx.arguments();
  Reader in(raw);
  read(in, request);
  if (!in.ok()) malformed_arguments(rules.request, in.error(), in.field());
  ctx.finish(to_wire((contract.*handler)(ctx, request)));
}

// A line of a generated dispatcher's table.
template <class Contract>
struct Served {
  const MethodRules* rules;
  void (*serve)(Context& ctx, const MethodRules& rules, Contract& contract);
};

template <auto Handler, class Contract>
void serve_by(Context& ctx, const MethodRules& rules, Contract& contract) {
  serve(ctx, rules, contract, Handler);
}

template <class Contract, std::size_t N>
void dispatch_by(Context& ctx, Contract& contract, const Served<Contract> (&methods)[N]) {
  const std::string name = ctx.method();
  for (const Served<Contract>& method : methods) {
    if (name == method.rules->name) return method.serve(ctx, *method.rules, contract);
  }
  unknown_method(name);
}

}  // namespace usance::contract
