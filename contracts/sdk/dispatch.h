// From the invocation's method name to a typed handler: what generated dispatchers are made of.
#pragma once

#include <string_view>

#include "contracts/sdk/context.h"
#include "contracts/sdk/method_rules.h"

namespace usance::contract {

// Ends the call with a standard error unless the method's rules admit this invocation.
void admit(Context& ctx, const MethodRules& rules);
[[noreturn]] void unknown_method(std::string_view name);
[[noreturn]] void malformed_arguments(std::string_view request, WireError error,
                                      std::uint32_t field);

// Checks the rules, decodes the request, runs the handler and sets the response.
template <class Method, class Handler>
void serve(Context& ctx, Handler handler) {
  admit(ctx, Method::kRules);
  typename Method::Request request;
  const Bytes raw = ctx.arguments();
  Reader in(raw);
  read(in, request);
  if (!in.ok()) malformed_arguments(Method::kRules.request, in.error(), in.field());
  ctx.finish(to_wire(handler(request)));
}

}  // namespace usance::contract
